/** Deeper than any file that means something; far from where walking through it would overflow the stack. */
const DEEPEST = 200;

/** An integer that a number may not hold; most long ones are parts of a text. */
const LONG_INTEGER = /(?:^|[[:,\s])-?\d{16,}\s*(?:[\],}]|$)/;

/**
 * Takes a text; returns what it says as JSON, to be checked against a schema, or undefined for what is no JSON, or is nested without end. An
 * integer that a number cannot hold is written again as it was.
 */
export function parseJson(text: string): unknown {
  try {
    const value: unknown = LONG_INTEGER.test(text) ? JSON.parse(text, keepInteger) : JSON.parse(text);
    return isDeeper(value, DEEPEST) ? undefined : value;
  } catch {
    return undefined;
  }
}

/** Whether a value is nested deeper than so many levels. */
function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((one) => isDeeper(one, levels - 1));
}

/** Takes what `JSON.parse` hands on of each value: `source` is its text in the document. */
function keepInteger(_: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source;
  if (typeof value !== "number" || Number.isSafeInteger(value) || source === undefined || !/^-?\d+$/.test(source))
    return value;
  const rawJson: unknown = Reflect.get(JSON, "rawJSON");
  return typeof rawJson === "function" ? Reflect.apply(rawJson, JSON, [source]) : value;
}
