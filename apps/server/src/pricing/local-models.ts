import { isLoopbackHost } from '../access/host-name.js';

/** Inference engines that run where their users put them; the conventions' names and those of frameworks. */
const ENGINES = new Set([
  'ollama',
  'vllm',
  'llama_cpp',
  'llama.cpp',
  'llamacpp',
  'llamafile',
  'lm_studio',
  'lmstudio',
  'lm-studio',
  'localai',
  'sglang',
  'tgi',
  'mlx',
  'koboldcpp',
  'jan',
  'gpt4all',
  'xinference',
  'local',
]);

/** Whether a provider runs models on the user's own machines: one of the engines known, or named in `prices.local`. */
export function isLocalProvider(provider: string, model: string, named: ReadonlySet<string>): boolean {
  const name = provider.toLowerCase();
  if (named.has(name) || named.has(`${name}/${model.toLowerCase()}`)) return true;
  // Ollama names the models that it runs on its own servers so: they are not free.
  if (name === 'ollama' && /[-:]cloud$/i.test(model)) return false;
  return ENGINES.has(name);
}

/** Whether a host is of this machine or a private network (RFC 1918, RFC 4193, link-local, `.local`, `.internal`, a name without dots). */
export function isPrivateHost(host: string): boolean {
  const name = host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/:\d{1,5}$/, '');
  if (name === '') return false;
  if (isLoopbackHost(name) || name === '0.0.0.0') return true;
  if (/^(?:10|127)\.\d+\.\d+\.\d+$/.test(name) || /^192\.168\.\d+\.\d+$/.test(name)) return true;
  if (/^172\.(?:1[6-9]|2\d|3[01])\.\d+\.\d+$/.test(name) || /^169\.254\.\d+\.\d+$/.test(name)) return true;
  if (/^f[cd][0-9a-f]{2}:/.test(name) || /^fe80:/.test(name)) return true;
  return /\.(?:local|internal|lan|localhost)$/.test(name) || /^[a-z][a-z0-9-]*$/.test(name);
}
