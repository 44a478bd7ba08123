// Every provider's word for why a model stopped, by its lower-case spelling with underscores.
const FOLDED: { readonly [reason: string]: string | undefined } = {
  __proto__: null as never,
  stop: 'stop',
  end_turn: 'stop',
  eos: 'stop',
  eos_token: 'stop',
  endoftext: 'stop',
  stop_sequence: 'stop',
  complete: 'stop',
  completed: 'stop',
  finish_reason_stop: 'stop',
  length: 'length',
  max_tokens: 'length',
  max_output_tokens: 'length',
  model_length: 'length',
  maximum_tokens: 'length',
  model_context_window_exceeded: 'length',
  content_filter: 'content_filter',
  content_filtered: 'content_filter',
  safety: 'content_filter',
  image_safety: 'content_filter',
  image_prohibited_content: 'content_filter',
  error_toxic: 'content_filter',
  refusal: 'content_filter',
  recitation: 'content_filter',
  blocklist: 'content_filter',
  prohibited_content: 'content_filter',
  spii: 'content_filter',
  guardrail_intervened: 'content_filter',
  tool_call: 'tool_call',
  tool_calls: 'tool_call',
  tool_use: 'tool_call',
  function_call: 'tool_call',
  function_calls: 'tool_call',
  error: 'error',
};

/** The GenAI word for a finish reason; a reason that is not known stays as it came. */
export function foldFinishReason(reason: string): string {
  return FOLDED[reason.toLowerCase().replaceAll('-', '_')] ?? reason;
}
