import { createInterface, emitKeypressEvents, type Key } from "node:readline";
import { PassThrough } from "node:stream";

/** A key as it was pressed. `text` is what it types: "" for a key that types nothing. */
export interface KeyPress {
  name: string | undefined;
  text: string;
  ctrl: boolean;
}

/** What takes keys. */
export interface KeyTaker<T> {
  /** Takes a key; returns the result, or undefined to go on. */
  press(key: KeyPress): T | undefined;
  /** Shows what a key has changed. */
  draw(): void;
  /** Leaves the terminal as it was: when a signal ends the program, which it does after that. */
  restore(): void;
}

/** Keys that are being taken. */
export interface Keys<T> {
  /** Resolves to the result, or to undefined when the input ended. Rejects with what `press` threw, or what `fail` got. */
  result: Promise<T | undefined>;
  fail(error: unknown): void;
  /** Takes no more of them. */
  stop(): void;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Takes the keys of standard input, a terminal that the caller puts into raw mode, until one of them leads to a result. */
export function takeKeys<T>(process: NodeJS.Process, { press, draw, restore }: KeyTaker<T>): Keys<T> {
  const { stdin } = process;
  // it only tells how long an escape character may be the beginning of a key: half a second would be felt
  const escapes = createInterface({ input: new PassThrough(), escapeCodeTimeout: 50 });
  const { promise, resolve, reject } = Promise.withResolvers<T | undefined>();
  const onKey = (text: string | undefined, key: Key) => {
    try {
      const result = press(keyPress(text, key));
      if (result === undefined) draw();
      else resolve(result);
    } catch (error) {
      reject(error);
    }
  };
  const onEnd = () => resolve(undefined);
  const onSignal = (signal: NodeJS.Signals) => {
    restore();
    process.kill(process.pid, signal);
  };
  const stop = () => {
    for (const signal of SIGNALS) process.off(signal, onSignal);
    stdin.off("keypress", onKey).off("end", onEnd).off("close", onEnd);
    escapes.close();
  };
  emitKeypressEvents(stdin, escapes);
  stdin.on("keypress", onKey).on("end", onEnd).on("close", onEnd);
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return { result: promise, fail: reject, stop };
}

/** Returns a key as readline tells it. */
function keyPress(text: string | undefined, { name, ctrl = false, meta = false }: Key): KeyPress {
  const isTyped = text !== undefined && !ctrl && !meta && !/\p{Cc}/u.test(text);
  return { name, text: isTyped ? text : "", ctrl };
}
