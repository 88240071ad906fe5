# codex-auth for xonsh: this shell uses the OpenAI account that belongs to its directory.
#   execx($(codex-auth init xonsh))
def __codex_auth_start():
    from xonsh.built_ins import XSH
    if "codex-auth" in XSH.aliases: return  # once is enough
    import json, os, re, subprocess, xonsh.tools
    program = ["codex-auth"] # init: program
    base = os.path.expanduser("~/.codex") # init: base
    prompt = True # init: prompt
    hook = True # init: hook
    seen, keep, env = None, {}, XSH.env
    told = {"CODEX_AUTH_BASE": base, "CODEX_AUTH_SNIPPET": "xonsh"}
    def start(words, **streams): return subprocess.run([*program, *words], env={**env.detype(), **told}, errors="surrogateescape", **streams)
    def state(path): return ((stat := os.stat(path)).st_ino, stat.st_mtime_ns, stat.st_size) if os.path.exists(path) else None
    names = "CODEX_HOME CODEX_SQLITE_HOME OPENAI_API_KEY CODEX_API_KEY CODEX_ACCESS_TOKEN CODEX_AUTHAPI_BASE_URL OPENAI_FEDERATION_RULE_ID OPENAI_IDENTITY_TOKEN_FILE OPENAI_ORGANIZATION OPENAI_PROJECT CODEX_AUTH_USE".split()
    def look():  # what the account and its label depend on: while it stays the same, nothing is started
        files = [base + "/codex-auth/generation", base + "/accounts/registry.json"] + [f"{home}/{name}" for home in (base, env.get("CODEX_HOME")) for name in ("auth.json", "config.toml")]
        return env.get("PWD"), state("."), [env.get(name) for name in names], [state(file) for file in files]
    def drop(*names):  # what a line has set for a command lies over what the shell has
        while there := [name for name in names if name in env]: del env[there[0]]
    def run(**_):  # where the program does not answer, Codex is kept from starting
        nonlocal seen, keep
        if look() == seen: return
        try:
            answer = json.loads(start(["hook", "xonsh"], input=json.dumps(keep), stdout=subprocess.PIPE, check=True).stdout)
        except Exception:
            closed = {"CODEX_HOME": base + "/codex-auth/homes/0000000000000000.missing", "CODEX_AUTH_LABEL": "missing account"}
            answer = {"set": closed if os.path.isdir(base + "/codex-auth") else {}, "unset": [], "keep": keep}
        drop(*answer["unset"], *answer["set"])
        for name, value in answer["set"].items(): env[name] = value
        keep, seen = answer["keep"], look()
    @xonsh.tools.unthreadable
    def codex_auth(words, stdin=None, stdout=None, stderr=None):  # `use` answers with a home id, or with - for none
        nonlocal seen
        ran = start(words, stdin=stdin, stdout=subprocess.PIPE if words[:1] == ["use"] else stdout, stderr=stderr)
        if (answer := (ran.stdout or "").strip()) == "-": drop("CODEX_AUTH_USE")
        elif re.fullmatch("[0-9a-f]{16}", answer): env["CODEX_AUTH_USE"] = answer
        elif answer: print(answer, file=stdout)
        seen = None; run()
        return ran.returncode
    def piped(spec, **_):  # nobody calls such a function before a |, and behind it nobody ends its input
        if spec.stdin or not spec.last_in_pipeline: spec.alias, spec.cls, spec.cmd, spec.env = None, subprocess.Popen, [*program, *spec.cmd], told

    XSH.aliases["codex-auth"], theirs = codex_auth, env["PROMPT"]
    events.on_pre_spec_run_codex_auth(piped)
    if hook: events.on_chdir(lambda olddir, newdir: run()), events.on_pre_prompt(run)
    if prompt: env["PROMPT_FIELDS"]["codex_auth"] = lambda: env.get("CODEX_AUTH_LABEL", "").replace("{", "{{").replace("}", "}}") or None
    if prompt: env["PROMPT"] = lambda: "{codex_auth:{} }" + (theirs() if callable(theirs) else theirs)
    run()
__codex_auth_start()
