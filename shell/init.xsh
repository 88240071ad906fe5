# codex-auth for xonsh: this shell uses the OpenAI account that belongs to its directory.
#   what `codex-auth setup xonsh --print` prints
def __codex_auth_start():
    import json, os, re, subprocess
    from xonsh.built_ins import XSH
    from xonsh.tools import unthreadable
    program = ["codex-auth"] # init: program
    base = os.path.expanduser("~/.codex") # init: base
    prompt = True # init: prompt
    hook = True # init: hook
    seen, keep, env = None, {}, XSH.env
    def told(): return {**env.detype(), "CODEX_AUTH_BASE": base, "CODEX_AUTH_SNIPPET": "xonsh"}
    def start(words, **streams): return subprocess.run([*program, *words], env=told(), errors="surrogateescape", **streams)
    def state(path):
        return ((stat := os.stat(path)).st_ino, stat.st_mtime_ns, stat.st_size) if os.path.exists(path) else None
    def look():  # what the account depends on: while it stays the same, nothing is started
        files = [base + "/codex-auth/generation", base + "/accounts/registry.json", base + "/auth.json", base + "/config.toml", f"{env.get('CODEX_HOME')}/auth.json"]
        strays = "CODEX_API_KEY CODEX_ACCESS_TOKEN CODEX_AUTHAPI_BASE_URL OPENAI_FEDERATION_RULE_ID OPENAI_IDENTITY_TOKEN_FILE OPENAI_ORGANIZATION OPENAI_PROJECT"
        return env.get("PWD"), state("."), env.get("CODEX_AUTH_USE"), files, [env.get(name) for name in strays.split()], [state(file) for file in files]
    def run(**_):  # where the program does not answer, Codex is kept from starting
        nonlocal seen, keep
        if look() == seen: return
        try:
            answer = json.loads(start(["hook", "xonsh"], input=json.dumps(keep), stdout=subprocess.PIPE, check=True).stdout)
        except Exception:
            closed = {"CODEX_HOME": base + "/codex-auth/homes/0000000000000000.missing", "CODEX_AUTH_LABEL": "missing account"}
            answer = {"set": closed if os.path.isdir(base + "/codex-auth") else {}, "unset": [], "keep": keep}
        for name in answer["unset"]: env.pop(name, None)
        for name, value in answer["set"].items(): env[name] = value
        keep, seen = answer["keep"], look()
    @unthreadable
    def codex_auth(words, stdin=None, stdout=None, stderr=None):  # `use` answers with a home id, or with - for none
        nonlocal seen
        ran = start(words, stdin=stdin, stdout=subprocess.PIPE if words[:1] == ["use"] else stdout, stderr=stderr)
        if (answer := (ran.stdout or "").strip()) == "-": env.pop("CODEX_AUTH_USE", None)
        elif re.fullmatch("[0-9a-f]{16}", answer): env["CODEX_AUTH_USE"] = answer
        elif answer: print(answer, file=stdout)
        seen = None; run()
        return ran.returncode
    def piped(spec, **_):  # nobody calls such a function before a |, and behind it nobody ends its input
        # no spec.env: behind the pipe the shell would have the variables of before again
        if spec.stdin or not spec.last_in_pipeline: spec.alias, spec.cls, spec.cmd = None, subprocess.Popen, ["/usr/bin/env", "CODEX_AUTH_BASE=" + base, "CODEX_AUTH_SNIPPET=xonsh", *program, *spec.cmd]

    first, XSH.aliases["codex-auth"], theirs = "codex-auth" not in XSH.aliases, codex_auth, env["PROMPT"]
    if first: events.on_pre_spec_run_codex_auth(piped)
    if first and hook: events.on_chdir(lambda olddir, newdir: run()), events.on_pre_prompt(run)
    if prompt: env["PROMPT_FIELDS"]["codex_auth"] = lambda: env.get("CODEX_AUTH_LABEL", "").replace("{", "{{").replace("}", "}}") or None
    if first and prompt: env["PROMPT"] = lambda: "{codex_auth:{} }" + (theirs() if callable(theirs) else theirs)
    run()
__codex_auth_start()
