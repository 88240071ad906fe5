import { join } from "node:path";
import * as v from "valibot";
import { findCodex } from "./find-codex.ts";
import type { World } from "./world.ts";

/** A client of Codex's app-server, as its TUI and its editors are. */
export interface AppServer extends AsyncDisposable {
  /** Sends a request and gives its result; throws what the server answers as an error. */
  request(method: string, params?: unknown): Promise<unknown>;
  /** Starts a thread, in the world's `work` if no directory is given, and gives its id. */
  startThread(cwd?: string): Promise<string>;
  /** One turn, to its end. */
  turn(threadId: string, text: string): Promise<void>;
  /** Resolves with the next notification of that method. */
  notified(method: string): Promise<unknown>;
}

interface Wire {
  send(line: string): void;
  close(): Promise<void>;
  /** Resolves when the server is gone. */
  ended?: Promise<unknown>;
}

const Reply = v.object({ id: v.number(), result: v.optional(v.unknown()), error: v.optional(v.unknown()) });
const Notification = v.object({ method: v.string(), params: v.optional(v.unknown()) });
const ThreadStarted = v.object({ thread: v.object({ id: v.string() }) });

/** Runs `codex app-server` for itself alone, on stdin and stdout; `command` starts it, in the world's `work`, unless they say otherwise. */
export function startAppServer(
  world: World,
  env: Record<string, string | undefined>,
  { command = [findCodex() ?? "codex", "app-server"], cwd = world.work }: { command?: string[]; cwd?: string } = {},
): Promise<AppServer> {
  return connect(world, (take) => {
    const child = Bun.spawn(command, {
      cwd,
      env: { ...world.env, ...env },
      stdin: "pipe",
      stdout: "pipe",
      stderr: "ignore",
    });
    const reading = readLines(child.stdout, take);
    return {
      ended: reading,
      send(line) {
        child.stdin.write(`${line}\n`);
        child.stdin.flush();
      },
      async close() {
        child.kill();
        await Promise.all([child.exited, reading]);
      },
    };
  });
}

/** Joins the background server that runs in a home: its socket speaks WebSocket. */
export function joinBackgroundServer(world: World, codexHome: string): Promise<AppServer> {
  return connect(world, async (take) => {
    const socket = new WebSocket(`ws+unix://${join(codexHome, "app-server-control", "app-server-control.sock")}`);
    socket.addEventListener("message", ({ data }) => take(String(data)));
    await new Promise((resolve, reject) => {
      socket.addEventListener("open", resolve);
      socket.addEventListener("error", () => reject(new Error(`no background server in ${codexHome}`)));
    });
    return {
      send: (line) => socket.send(line),
      close: async () => socket.close(),
    };
  });
}

async function connect(world: World, open: (take: (line: string) => void) => Wire | Promise<Wire>): Promise<AppServer> {
  const replies = new Map<number, PromiseWithResolvers<unknown>>();
  const waiting: { method: string; resolve: (params: unknown) => void }[] = [];
  let serial = 0;

  const take = (line: string) => {
    const message: unknown = JSON.parse(line);
    if (v.is(Reply, message)) {
      const reply = replies.get(message.id);
      replies.delete(message.id);
      if (message.error === undefined) reply?.resolve(message.result);
      else reply?.reject(new Error(JSON.stringify(message.error)));
    } else if (v.is(Notification, message)) {
      const index = waiting.findIndex(({ method }) => method === message.method);
      if (index >= 0) waiting.splice(index, 1)[0]?.resolve(message.params);
    }
  };
  const wire = await open(take);
  void wire.ended?.then(() => {
    for (const { reject } of replies.values()) reject(new Error("the server has ended"));
  });
  const request = (method: string, params: unknown = {}) => {
    serial += 1;
    const reply = Promise.withResolvers<unknown>();
    replies.set(serial, reply);
    wire.send(JSON.stringify({ id: serial, method, params }));
    return reply.promise;
  };
  const notified = (method: string) => new Promise<unknown>((resolve) => waiting.push({ method, resolve }));

  await request("initialize", { clientInfo: { name: "codex-auth-test", title: null, version: "0" } });
  wire.send(JSON.stringify({ method: "initialized" }));
  return {
    request,
    notified,
    async startThread(cwd = world.work) {
      return v.parse(ThreadStarted, await request("thread/start", { cwd })).thread.id;
    },
    async turn(threadId, text) {
      const completed = notified("turn/completed");
      await request("turn/start", { threadId, input: [{ type: "text", text }] });
      await completed;
    },
    [Symbol.asyncDispose]: () => wire.close(),
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
