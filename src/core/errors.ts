/** Something to say, and what to do about it. */
export interface Note {
  message: string;
  hint?: string;
}

type ExitCode = 1 | 2 | 126 | 127 | 130;

/** Something the user can mend: told in one line with its remedy, never with a stack trace. */
export class UserError extends Error {
  /** What to do about it, told on a second line. */
  readonly hint: string | undefined;
  /** 1: the user can mend it; 2: wrong usage; 126 and 127: a command cannot be run, or is not there; 130: he broke it off with Ctrl-C. */
  readonly exitCode: ExitCode;
  /** The `code` of the JSON error document. */
  readonly code: ErrorCode;
  /** More fields of the JSON error document: `candidates` or `resolutions`. */
  readonly details: Record<string, unknown>;

  constructor(
    message: string,
    options: { hint?: string; exitCode?: ExitCode; code?: ErrorCode; details?: Record<string, unknown> } = {},
  ) {
    super(message);
    this.name = "UserError";
    this.hint = options.hint;
    this.exitCode = options.exitCode ?? 1;
    this.code = options.code ?? (this.exitCode === 2 ? "usage" : "registry_error");
    this.details = options.details ?? {};
  }
}

/**
 * Returns what to tell of an error of the system's (a full disk, a file of another user's), which is no bug of ours; undefined for any other
 * error.
 */
export function systemFault(error: unknown): UserError | undefined {
  if (!(error instanceof Error) || !("syscall" in error) || !("code" in error)) return undefined;
  const { code, message } = error;
  if (typeof code !== "string" || !/^E[A-Z0-9]+$/.test(code)) return undefined;
  const path = "path" in error && typeof error.path === "string" ? error.path : undefined;
  const where = path === undefined || message.includes(path) ? "" : ` '${path}'`;
  return new UserError(message + where, { hint: REMEDIES.get(code) ?? "codex-auth doctor", code: "failed" });
}

const REMEDIES = new Map([
  ["ENOSPC", "make room on the disk, then the same again"],
  ["EDQUOT", "make room on the disk, then the same again"],
  ["EROFS", "the disk can only be read: mount it for writing, then the same again"],
  ["EACCES", "see whose it is and who may use it: ls -ld"],
  ["EPERM", "see whose it is and who may use it: ls -ld"],
]);

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
