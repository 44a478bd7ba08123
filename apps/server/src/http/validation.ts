import type { FastifySchemaCompiler } from 'fastify';
import type { z } from 'zod';
import { didYouMean } from '../config/nearest-name.js';
import { ProblemError } from './problem.js';

const SHOWN_VALUE_LENGTH = 60;

/**
 * Checks query, path and body with the route's zod schema. A fault is a 400 that names each field, the value at fault and what
 * it must be; an unknown field names the nearest known one.
 */
export const validatorCompiler: FastifySchemaCompiler<z.ZodType> = ({ schema }) => {
  const known = knownFields(schema);
  return (data: unknown) => {
    const parsed = schema.safeParse(data);
    if (parsed.success) return { value: parsed.data };
    return { error: toValidationProblem(parsed.error.issues, data, known) };
  };
};

function toValidationProblem(
  issues: readonly z.core.$ZodIssue[],
  data: unknown,
  known: readonly string[],
): ProblemError {
  const errors = issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        field: [...issue.path, key].join('.'),
        message: `there is no such field.${didYouMean(key, known)} Known: ${known.join(', ')}`,
      }));
    }
    return [{ field: issue.path.join('.') || 'body', message: issue.message + shownValue(data, issue.path) }];
  });
  return new ProblemError(400, errors.map(({ field, message }) => `${field}: ${message}`).join('; '), { errors });
}

function shownValue(data: unknown, path: readonly PropertyKey[]): string {
  let value = data;
  for (const step of path) {
    value =
      typeof value === 'object' && value !== null && Object.hasOwn(value, step) ? Reflect.get(value, step) : undefined;
  }
  // Long texts may be prompts; objects say nothing in a sentence.
  if (path.length === 0 || value === undefined || typeof value === 'object') return '';
  const text = JSON.stringify(value) ?? '';
  return text.length > SHOWN_VALUE_LENGTH ? '' : ` (it is ${text})`;
}

function knownFields(schema: z.ZodType): readonly string[] {
  return 'shape' in schema && typeof schema.shape === 'object' ? Object.keys(schema.shape ?? {}) : [];
}
