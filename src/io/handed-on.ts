import { openSync } from "node:fs";
import { encodeBytes, hasBytes } from "../core/bytes.ts";

/** A program, its words with its own name in front, and its environment. */
export type Program = readonly [file: string, argv: string[], env: Record<string, string>];

/** Takes a program to become; returns what the runtime can become instead: what is no UTF-8 it cannot hand on, but a shell can. */
export const handedOn = (file: string, argv: string[], env: Record<string, string>): Program =>
  [file, ...argv, ...Object.values(env)].some(hasBytes) ? throughShell(file, argv, env) : [file, argv, env];

/** Takes a directory; returns a name of it that the runtime can enter: it takes UTF-8 alone. Only Linux has other names. */
export const enterable = (directory: string): string =>
  hasBytes(directory) ? `/proc/self/fd/${openSync(encodeBytes(directory), "r")}` : directory;

/**
 * Has a shell put the bytes together. It gets words and values in ASCII, each value in a variable of its own, as others see what stands on a
 * command line; a variable whose name no shell takes stays as the runtime hands it on.
 */
function throughShell(file: string, [, ...words]: string[], env: Record<string, string>): Program {
  const lacking = Object.keys(env).filter((name) => NAME.test(name) && hasBytes(env[name] ?? ""));
  const script = [
    "set --",
    ...[file, ...words].flatMap((word) => [
      `_codex_auth_word="$(printf '${escaped(word)}')"`,
      'set -- "$@" "${_codex_auth_word%.}"',
    ]),
    ...lacking.flatMap((name, at) => [
      `${name}="$(printf "$_codex_auth_${at}")" && export ${name}="\${${name}%.}"`,
      `unset _codex_auth_${at}`,
    ]),
    'exec "$@"',
  ];
  const values = lacking.map((name, at) => [`_codex_auth_${at}`, escaped(env[name] ?? "")]);
  return ["/bin/sh", ["sh", "-c", script.join("\n")], { ...env, ...Object.fromEntries(values) }];
}

/** A name that a shell takes. */
const NAME = /^[A-Za-z_]\w*$/;

/** Returns a text as a format of printf, a point behind it: a substitution drops line feeds at the end. */
function escaped(text: string): string {
  const octal = (byte: number) => `\\${byte.toString(8).padStart(3, "0")}`;
  const written = [...Buffer.from(encodeBytes(text))].map((byte) =>
    /[\w/]/.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : octal(byte),
  );
  return `${written.join("")}.`;
}
