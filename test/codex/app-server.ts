import * as v from "valibot";
import { findCodex } from "./find-codex.ts";
import type { World } from "./world.ts";

const Reply = v.object({
  id: v.number(),
  result: v.optional(v.unknown()),
  error: v.optional(v.unknown()),
});
const ThreadStarted = v.object({ thread: v.object({ id: v.string() }) });

/** Codex's own server on stdin and stdout: what codex-auth asks for limits, and what Codex's other clients run on. */
export interface AppServer extends AsyncDisposable {
  /** Sends a request and gives its result; throws what the server answers as an error. */
  request(method: string, params?: unknown): Promise<unknown>;
  /** Starts a thread in the world's `work` and gives its id. */
  startThread(): Promise<string>;
  /** One turn, to its end. */
  turn(threadId: string, text: string): Promise<void>;
  /** Resolves with the next notification of that method. */
  notified(method: string): Promise<unknown>;
  /** every line that it wrote */
  readonly lines: readonly string[];
}

/** `proxy`: the background server of that home instead of one of its own. */
export async function startAppServer(
  world: World,
  env: Record<string, string | undefined>,
  how: "own" | "proxy" = "own",
): Promise<AppServer> {
  const child = Bun.spawn([findCodex() ?? "codex", "app-server", ...(how === "proxy" ? ["proxy"] : [])], {
    cwd: world.work,
    env: { ...world.env, ...env },
    stdin: "pipe",
    stdout: "pipe",
    stderr: "ignore",
  });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  const listeners: { method: string; resolve: (params: unknown) => void }[] = [];
  const lines: string[] = [];
  let serial = 0;

  const take = (line: string) => {
    lines.push(line);
    const message: unknown = JSON.parse(line);
    const reply = v.safeParse(Reply, message);
    const waiter = reply.success ? waiting.get(reply.output.id) : undefined;
    if (waiter && reply.success) {
      waiting.delete(reply.output.id);
      if (reply.output.error === undefined) waiter.resolve(reply.output.result);
      else waiter.reject(new Error(JSON.stringify(reply.output.error)));
      return;
    }
    const notification = v.safeParse(v.object({ method: v.string(), params: v.unknown() }), message);
    if (!notification.success) return;
    const index = listeners.findIndex(({ method }) => method === notification.output.method);
    if (index >= 0) listeners.splice(index, 1)[0]?.resolve(notification.output.params);
  };
  const reading = readLines(child.stdout, take).then(() => {
    for (const { reject } of waiting.values()) reject(new Error("the app-server ended"));
  });

  const send = async (message: Record<string, unknown>) => {
    child.stdin.write(`${JSON.stringify(message)}\n`);
    await child.stdin.flush();
  };
  const request = async (method: string, params: unknown = {}) => {
    serial += 1;
    const waiter = Promise.withResolvers<unknown>();
    waiting.set(serial, waiter);
    await send({ id: serial, method, params });
    return waiter.promise;
  };

  await request("initialize", {
    clientInfo: { name: "codex-auth-test", title: null, version: "0" },
  });
  await send({ method: "initialized" });
  const notified = (method: string) => new Promise<unknown>((resolve) => listeners.push({ method, resolve }));
  return {
    request,
    notified,
    async startThread() {
      const started = v.parse(ThreadStarted, await request("thread/start", { cwd: world.work }));
      return started.thread.id;
    },
    async turn(threadId, text) {
      const completed = notified("turn/completed");
      await request("turn/start", { threadId, input: [{ type: "text", text }] });
      await completed;
    },
    lines,
    async [Symbol.asyncDispose]() {
      await child.stdin.end();
      await Promise.race([child.exited, Bun.sleep(3000).then(() => child.kill("SIGKILL"))]);
      await child.exited;
      await reading;
    },
  };
}

async function readLines(stream: ReadableStream<Uint8Array>, take: (line: string) => void): Promise<void> {
  let rest = "";
  const decoder = new TextDecoder();
  for await (const chunk of stream) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = parts.pop() ?? "";
    for (const part of parts) if (part !== "") take(part);
  }
}
