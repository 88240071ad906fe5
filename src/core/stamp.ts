/**
 * Takes the names in a directory, the prefix of a kind of backup and now (milliseconds); returns `YYYYMMDD-hhmmss[.N]` in local time that makes
 * a new name, as the older tool names its backups.
 */
export function stamp(names: readonly string[], prefix: string, now: number): string {
  const at = new Date(now);
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${at.getFullYear()}${two(at.getMonth() + 1)}${two(at.getDate())}`;
  const text = `${day}-${two(at.getHours())}${two(at.getMinutes())}${two(at.getSeconds())}`;
  const taken = new Set(names);
  let name = text;
  for (let n = 1; taken.has(prefix + name); n++) name = `${text}.${n}`;
  return name;
}

/** Takes the names in a directory and a backup's prefix; returns all but the newest five, to be removed. */
export function staleBackups(names: readonly string[], prefix: string): string[] {
  const order = (name: string) => {
    const [, time = "", n = "0"] = /^([0-9-]+)(?:\.(\d+))?$/.exec(name.slice(prefix.length)) ?? [];
    return `${time}.${n.padStart(6, "0")}`;
  };
  const backups = names.filter((name) => name.startsWith(prefix));
  return backups.sort((a, b) => (order(a) < order(b) ? -1 : 1)).slice(0, -5);
}
