import * as v from "valibot";

const CodeSchema = v.looseObject({ code: v.pipe(v.string(), v.regex(/^[\w.-]{1,40}$/)) });
const AnswerSchema = v.union([
  v.pipe(
    v.looseObject({ error: CodeSchema }),
    v.transform(({ error }) => error.code),
  ),
  v.pipe(
    v.looseObject({ detail: CodeSchema }),
    v.transform(({ detail }) => detail.code),
  ),
]);

/**
 * Takes the text that OpenAI refused a request with; returns the code in it, as `token_invalidated`, or null. Source: the answers themselves,
 * `{"error": {"code"}}` of the API and `{"detail": {"code"}}` of ChatGPT.
 */
export function errorCodeOf(text: string): string | null {
  try {
    const parsed = v.safeParse(AnswerSchema, JSON.parse(text));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}
