import { setTimeout as sleep } from "node:timers/promises";
import * as v from "valibot";
import { parseJson } from "../core/json.ts";
import { RequestFailure } from "./request-failure.ts";

/** How Codex is started: its path, the environment that says which home, and the limit in milliseconds. */
export interface AppServerOptions {
  program: string;
  env: Record<string, string | undefined>;
  directory: string;
  limitMs: number;
  /** Ends the waiting early. */
  signal?: AbortSignal | undefined;
}

const ReplySchema = v.looseObject({
  id: v.number(),
  result: v.optional(v.unknown()),
  error: v.optional(v.looseObject({ message: v.string() })),
});
const INITIALIZE = 1;
const READ = 2;
const CLIENT = { name: "codex-auth", title: null, version: "0" };
const EXIT_LIMIT_MS = 200;

/**
 * Has Codex say what is left of the limits of the account that its home is logged in as, over its server's JSON lines. A token that has
 * expired is refreshed by Codex itself, when it starts, under its locks. Throws RequestFailure: `TimedOut`, or `expired` when Codex gets no
 * answer either. After the limit Codex is left to itself: it may be saving a refreshed token, and it ends with its input.
 */
export async function readRateLimits({ program, env, directory, limitMs, signal }: AppServerOptions): Promise<unknown> {
  const child = Bun.spawn([program, "app-server", "-c", 'cli_auth_credentials_store="file"'], {
    env,
    cwd: directory,
    stdin: "pipe",
    stdout: "pipe",
    stderr: "ignore",
  });
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const timer = new AbortController();
  const late = sleep(limitMs, undefined, { signal: AbortSignal.any([timer.signal, signal ?? timer.signal]) }).then(
    () => {
      throw new RequestFailure("TimedOut", null);
    },
  );
  try {
    return await Promise.race([converse(child.stdin, readReplies(lines)), late]);
  } finally {
    timer.abort();
    late.catch(() => {});
    await Promise.resolve(child.stdin.end()).catch(() => {});
    await Promise.race([child.exited, sleep(EXIT_LIMIT_MS)]);
    child.unref();
    void lines.cancel().catch(() => {});
  }
}

async function converse(input: Bun.FileSink, replies: AsyncGenerator<Reply>): Promise<unknown> {
  const send = (...messages: object[]) => {
    for (const message of messages) input.write(`${JSON.stringify(message)}\n`);
    input.flush();
  };
  send({ id: INITIALIZE, method: "initialize", params: { clientInfo: CLIENT } });
  await replyTo(INITIALIZE, replies);
  send({ method: "initialized" }, { id: READ, method: "account/rateLimits/read", params: {} });
  return await replyTo(READ, replies);
}

type Reply = v.InferOutput<typeof ReplySchema>;

async function replyTo(id: number, replies: AsyncGenerator<Reply>): Promise<unknown> {
  for (;;) {
    const { value: reply, done } = await replies.next();
    if (done) throw new RequestFailure("expired", null);
    if (reply.id !== id) continue;
    if (reply.result === undefined) throw failureIn(reply);
    return reply.result;
  }
}

/** Codex tells what it was answered in words. With 401 it could not refresh the login. */
function failureIn({ error }: Reply): RequestFailure {
  const status = / failed: (\d{3}) /.exec(error?.message ?? "")?.[1];
  return status === undefined || status === "401"
    ? new RequestFailure("expired", null)
    : new RequestFailure(status, Number(status));
}

/** Yields Codex's answers; what it tells of its own accord is left out. */
async function* readReplies(reader: {
  read(): Promise<{ done: boolean; value?: string | undefined }>;
}): AsyncGenerator<Reply> {
  let rest = "";
  for (;;) {
    const { done, value = "" } = await reader.read();
    if (done) return;
    const lines = (rest + value).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const reply = v.safeParse(ReplySchema, parseJson(line));
      if (reply.success) yield reply.output;
    }
  }
}
