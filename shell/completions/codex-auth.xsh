# codex-auth completions for xonsh: the program says what to offer.
#   what `codex-auth setup xonsh --print` prints
def __codex_auth_completion():
    import os, re, subprocess
    from xonsh.built_ins import XSH
    from xonsh.completers.commands import complete_command
    from xonsh.completers.completer import add_one_completer
    from xonsh.completers.path import contextual_complete_path
    from xonsh.completers.tools import RichCompletion, contextual_command_completer_for
    program = ["codex-auth"] # init: program
    base = os.path.expanduser("~/.codex") # init: base

    def quoted(word):  # between quotes xonsh would put variables in
        return word if re.fullmatch(r"[\w@.+=/-]+", word) else f"@({word!r})"

    # Each line is a word, a tab, what it is; without a word it names what xonsh knows better.
    @contextual_command_completer_for("codex-auth")
    def complete(command):
        words = [one.value for one in command.args[1:command.arg_index]] + [command.prefix]
        env = {**XSH.env.detype(), "CODEX_AUTH_BASE": base}
        asked = subprocess.run([*program, "complete", "--", *words], env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8", errors="replace")
        offered = set()
        for word, _, about in (line.partition("\t") for line in asked.stdout.splitlines()):
            if word.startswith(command.prefix) and word:
                offered.add(RichCompletion(quoted(word), prefix_len=len(command.raw_prefix), description=about, append_space=True))
            elif about.startswith("command "):
                skip = int(about[8:])
                rest = command._replace(args=command.args[skip:], arg_index=command.arg_index - skip)
                return complete_command(rest) if rest.arg_index == 0 else contextual_complete_path(rest)
            elif not word:
                return contextual_complete_path(command)
        return offered

    add_one_completer("codex-auth", complete, "start")
__codex_auth_completion()
