import { setTimeout as wait } from 'node:timers/promises';

/** Stands where your model's client would: answers after a moment, and fails when asked to. */
export async function answer(prompt, documents) {
  await wait(20 + Math.random() * 200);
  if (typeof prompt !== 'string' || prompt === 'fail') throw new Error('the model is overloaded');
  const text = `You said "${prompt}", and I know ${documents.length} documents.`;
  return { text, usage: { inputTokens: prompt.split(' ').length, outputTokens: text.split(' ').length } };
}
