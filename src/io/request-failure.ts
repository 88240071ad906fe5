/** Why a request gave nothing. `reason` as shown: an HTTP status, `TimedOut`, `Unreachable` or `MalformedJson`. */
export class RequestFailure extends Error {
  readonly status: number | null;
  readonly reason: string;
  /** The same in words, for people. */
  readonly why: string;
  /** What OpenAI calls it, as `token_invalidated`, where it says more than the status. */
  readonly code: string | null;
  constructor(reason: string, status: number | null, why = whyOf(reason, status), code: string | null = null) {
    super(reason);
    this.code = code;
    this.reason = reason;
    this.status = status;
    this.why = why;
  }
}

const STATUS_WORDS = new Map([
  [401, "the key or login is refused"],
  [403, "a restricted key, or a network that it may not be used from?"],
  [407, "the proxy wants a password: see HTTPS_PROXY"],
  [429, "too many requests: wait a minute"],
]);

function whyOf(reason: string, status: number | null): string {
  if (status !== null)
    return `OpenAI answered ${status}${STATUS_WORDS.has(status) ? `: ${STATUS_WORDS.get(status)}` : ""}`;
  if (reason === "TimedOut") return "OpenAI did not answer in time: see the network, and HTTPS_PROXY";
  return reason === "MalformedJson" ? "the answer is not OpenAI's: a proxy or a login page of the network?" : reason;
}

/** Takes what kept a request from being answered at all, as the system tells it; returns it in words. */
export function whyUnreachable(cause: unknown): string {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  if (/^(ENOTFOUND|EAI_|DNS)/.test(code)) return "the name of the server is not found: see the network";
  if (/CERT|SELF_SIGNED|TLS|SSL|ISSUER/.test(code))
    return `the certificate is not trusted (${code}): where the network has its own, name it in NODE_EXTRA_CA_CERTS`;
  if (/^ECONN(REFUSED|RESET)|^Connection/.test(code))
    return "the connection is refused or broken off: see the network, and HTTPS_PROXY";
  return /PROXY/i.test(code)
    ? "the proxy does not answer: see HTTPS_PROXY"
    : `there is no connection${code && ` (${code})`}`;
}
