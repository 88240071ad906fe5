import type { Context } from "../../context.ts";
import { fileKeyOf } from "../accounts/account.ts";
import { isAtLeastAsLate, isCredential, parseCredential } from "../accounts/credential.ts";
import { credentialPath } from "../base/layout.ts";
import type { Move } from "../accounts/migrate.ts";

type SnapshotContext = Pick<Context, "files" | "layout">;

/** Copies credentials that version 2 keeps under other names to where they belong; a later one that is there stays. */
export function copySnapshots({ files, layout }: SnapshotContext, moves: readonly Move[]): void {
  for (const { from, to } of moves) {
    const [source, target] = [credentialPath(layout, from), credentialPath(layout, fileKeyOf(to))];
    const [text, present] = [files.read(source), parseCredential(files.read(target) ?? "")];
    const credential = parseCredential(text ?? "");
    if (text === undefined || !isCredential(credential)) continue;
    const times = [source, target].map((path) => files.mtimeMs(path) ?? 0);
    const [mtimeMs = 0, presentMs = 0] = times;
    const there = isCredential(present) ? { credential: present, mtimeMs: presentMs } : undefined;
    if (there && isAtLeastAsLate(there, { credential, mtimeMs })) continue;
    files.write(target, text);
    files.touch(target, mtimeMs);
  }
}

/** Removes what has been copied, once the registry tells the new names. */
export function removeSnapshots({ files, layout }: SnapshotContext, moves: readonly Move[]): void {
  for (const { from, to } of moves) {
    if (files.entry(credentialPath(layout, fileKeyOf(to)))) files.remove(credentialPath(layout, from));
  }
}
