/** Something the user can mend: told in one line with its remedy, never with a stack trace. */
export class UserError extends Error {
  /** What to do about it, told on a second line. */
  readonly hint: string | undefined;
  /** 1: the user can mend it; 2: wrong usage; 130: he broke it off with Ctrl-C. */
  readonly exitCode: 1 | 2 | 130;
  /** The `code` of the JSON error document. */
  readonly code: ErrorCode;
  /** More fields of the JSON error document: `candidates` or `resolutions`. */
  readonly details: Record<string, unknown>;

  constructor(
    message: string,
    options: { hint?: string; exitCode?: 1 | 2 | 130; code?: ErrorCode; details?: Record<string, unknown> } = {},
  ) {
    super(message);
    this.name = "UserError";
    this.hint = options.hint;
    this.exitCode = options.exitCode ?? 1;
    this.code = options.code ?? (this.exitCode === 2 ? "usage" : "registry_error");
    this.details = options.details ?? {};
  }
}

/** The codes of the older tool's JSON errors, and `failed` for what none of them names. */
export type ErrorCode =
  | "account_not_found"
  | "ambiguous_query"
  | "selector_resolution_failed"
  | "registry_error"
  | "state_uncertain"
  | "usage"
  | "cancelled"
  | "failed";
