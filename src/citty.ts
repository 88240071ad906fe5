/** What of citty runs a command and writes its help: loaded when that is asked for, as it takes a third of the time that Bun takes to start. */
export { defineCommand, renderUsage, runCommand } from "citty";
