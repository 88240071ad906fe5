/** What a fake server keeps of a request. Header values are null when the request has no such header. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  /** the Authorization header's token */
  readonly bearer: string | null;
  /** ChatGPT-Account-Id */
  readonly account: string | null;
  readonly organization: string | null;
  readonly project: string | null;
  /** a WebSocket upgrade, not a plain request */
  readonly upgrade: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** the name of the account that the bearer belongs to, known when it came in */
  readonly as: string | null;
}

export async function recordRequest(
  request: Request,
  nameOf: (bearer: string | null) => string | null,
): Promise<RecordedRequest> {
  const { pathname, search } = new URL(request.url);
  const header = (name: string) => request.headers.get(name);
  const bearer = header("authorization")?.replace(/^Bearer /i, "") ?? null;
  return {
    method: request.method,
    path: pathname,
    query: search,
    bearer,
    account: header("chatgpt-account-id"),
    organization: header("openai-organization"),
    project: header("openai-project"),
    upgrade: header("upgrade")?.toLowerCase() === "websocket",
    headers: Object.fromEntries(request.headers),
    body: decodeBody(header("content-encoding"), new Uint8Array(await request.arrayBuffer())),
    as: nameOf(bearer),
  };
}

/** Codex sends requests of a ChatGPT login compressed. */
function decodeBody(encoding: string | null, bytes: Uint8Array<ArrayBuffer>): string {
  const plain =
    encoding === "zstd" ? Bun.zstdDecompressSync(bytes) : encoding === "gzip" ? Bun.gunzipSync(bytes) : bytes;
  return new TextDecoder().decode(plain);
}
