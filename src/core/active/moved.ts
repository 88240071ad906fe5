import { dirname, join } from "node:path";
import type { Files } from "../../io/files.ts";
import type { Layout } from "../base/layout.ts";
import { readPin } from "./pins.ts";

/** A pinned directory that lies elsewhere now. */
export interface Moved {
  from: string;
  to: string;
  homeId: string | undefined;
}

/** Keeps what the system knows a pinned directory by: it is found again where it has been moved. */
export function rememberPlace(files: Files, layout: Layout, directory: string): void {
  const place = files.place(directory);
  if (place === undefined) return;
  const path = join(layout.places, place);
  if (files.readQuietly(path) === directory) return;
  files.makeDirectory(layout.places);
  files.write(path, directory);
}

/** Takes a physical directory; returns the pin that it, or the nearest of its parents, had under another name, where nothing lies any more. */
export function findMoved(files: Files, layout: Layout, directory: string): Moved | undefined {
  for (let to = directory; ; to = dirname(to)) {
    const place = files.place(to);
    const from = place === undefined ? undefined : files.readQuietly(join(layout.places, place));
    const pin = from === undefined || from === to ? undefined : readPin(files, layout, from);
    // what the system gave to a new directory is told by the old one being there still
    if (pin && files.mtimeMs(pin.path) === undefined) return { from: pin.path, to, homeId: pin.homeId };
    if (to === "/") return undefined;
  }
}
