/** Samples to load before what follows. */
export interface LoadStep {
  readonly kind: 'load';
  readonly step: string;
  readonly withNhcb: boolean;
  readonly startTimes: string;
  readonly series: readonly string[];
}

/** A query and what it must answer. */
export interface EvalStep {
  readonly kind: 'eval';
  readonly line: string;
  readonly expr: string;
  /** One time, or a range. */
  readonly at?: string;
  readonly start?: string;
  readonly end?: string;
  readonly step?: string;
  /** Lines that begin with `expect`, without it. */
  readonly expect: readonly string[];
  readonly result: readonly string[];
  readonly native: boolean;
}

/** Steps that share what was loaded. */
export interface TestBlock {
  readonly name: string;
  readonly experimental: boolean;
  readonly steps: readonly (LoadStep | EvalStep)[];
}

interface JsonStep {
  readonly load?: string;
  readonly step?: string;
  readonly opts?: string;
  readonly series?: readonly string[];
  readonly cmd?: string;
  readonly expr?: string;
  readonly at?: string;
  readonly start?: string;
  readonly end?: string;
  readonly expect?: readonly string[];
  readonly result?: readonly string[];
  readonly native?: boolean;
}

/** A block a line, as JSON. */
export function parseJsonScript(text: string): TestBlock[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const block = JSON.parse(line) as {
        file: string;
        block: number;
        experimental: boolean;
        steps: readonly JsonStep[];
      };
      return {
        name: `${block.file}#${block.block}`,
        experimental: block.experimental,
        steps: block.steps.map((step) => fromJson(step)),
      };
    });
}

function fromJson(step: JsonStep): LoadStep | EvalStep {
  if (step.load !== undefined) {
    const startTimes = step.opts ?? '';
    return {
      kind: 'load',
      step: step.step!,
      withNhcb: step.load === 'load_with_nhcb',
      startTimes,
      series: step.series ?? [],
    };
  }
  const expect = (step.expect ?? []).map((line) => line.replace(/^expect\s+/, ''));
  const legacy = /^eval_(\w+)/.exec(step.cmd ?? '')?.[1];
  const { at, start, end } = step;
  return {
    kind: 'eval',
    line: `${step.cmd} ${step.expr}`,
    expr: step.expr!,
    ...(at === undefined ? {} : { at }),
    ...(start === undefined ? {} : { start }),
    ...(end === undefined ? {} : { end }),
    ...(step.step === undefined ? {} : { step: step.step }),
    expect: legacy === undefined ? expect : [legacy, ...expect],
    result: step.result ?? [],
    native: step.native ?? false,
  };
}

const EVAL =
  /^eval(?:_(\w+))?\s+(?:instant\s+(?:at\s+(\S+)\s+)?|range\s+from\s+(\S+)\s+to\s+(\S+)\s+step\s+(\S+)\s+)([\s\S]+)$/;
const LOAD = /^load(_with_nhcb)?\s+(\S+)\s*(.*)$/;

/** Prometheus' own notation: `load`, `clear` and `eval`, each with indented lines. */
export function parseTextScript(text: string, name: string): TestBlock[] {
  const steps: (LoadStep | EvalStep)[] = [];
  const blocks: TestBlock[] = [];
  const finish = () => {
    if (steps.length > 0)
      blocks.push({ name: `${name}#${blocks.length + 1}`, experimental: false, steps: steps.splice(0) });
  };
  const lines = text.split('\n').map((line) => line.replace(/^\s+|\s+$/g, ''));
  for (let i = 0; i < lines.length; ) {
    const line = lines[i]!;
    i += 1;
    if (line === '' || line.startsWith('#')) continue;
    if (line === 'clear') {
      finish();
      continue;
    }
    const body: string[] = [];
    while (i < lines.length && lines[i] !== '' && !isCommand(lines[i]!)) {
      if (!lines[i]!.startsWith('#')) body.push(lines[i]!);
      i += 1;
    }
    steps.push(parseStep(line, body, `${name}:${i}`));
  }
  finish();
  return blocks;
}

function isCommand(line: string): boolean {
  return /^(?:eval(?:_\w+)?\s|load(?:_with_nhcb)?\s|clear$)/.test(line);
}

function parseStep(line: string, body: readonly string[], where: string): LoadStep | EvalStep {
  const load = LOAD.exec(line);
  if (load !== null)
    return { kind: 'load', step: load[2]!, withNhcb: load[1] !== undefined, startTimes: load[3]!, series: body };
  const match = EVAL.exec(line);
  if (match === null) throw new Error(`${where}: not a command: ${line}`);
  const [, legacy, at, start, end, step, expr] = match;
  const expect = body.filter((item) => /^expect\s/.test(item)).map((item) => item.replace(/^expect\s+/, ''));
  const result = body.filter((item) => !/^expect\s/.test(item));
  const times = start === undefined ? { at: at ?? '0' } : { start, end: end!, step: step! };
  const native = /\{\{|histogram/.test([line, ...result].join(' '));
  return {
    kind: 'eval',
    line,
    expr: expr!,
    ...times,
    expect: legacy === undefined ? expect : [legacy, ...expect],
    result,
    native,
  };
}
