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

/** Writes words and variables down for a shell in ASCII. */
function throughShell(file: string, [, ...words]: string[], env: Record<string, string>): Program {
  const script = [
    "set --",
    ...[file, ...words].flatMap((word) => [`_codex_auth_word=${printed(word)}`, 'set -- "$@" "${_codex_auth_word%.}"']),
    ...Object.entries(env)
      .filter(([, value]) => hasBytes(value))
      .flatMap(([name, value]) => [`${name}=${printed(value)}`, `export ${name}="\${${name}%.}"`]),
    'exec "$@"',
  ];
  return ["/bin/sh", ["sh", "-c", script.join("\n")], env];
}

/** Returns a text as a shell's substitution, a point behind it: a substitution drops line feeds at the end. */
function printed(text: string): string {
  const octal = (byte: number) => `\\${byte.toString(8).padStart(3, "0")}`;
  const bytes = [...Buffer.from(encodeBytes(text))];
  const written = bytes.map((byte) =>
    /[\w/]/.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : octal(byte),
  );
  return `"$(printf '${written.join("")}.')"`;
}
