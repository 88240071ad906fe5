#compdef codex-auth
# codex-auth completions for zsh, with the names of the accounts.
#
#   eval "$(codex-auth completion zsh)"                    behind compinit in ~/.zshrc, or
#   codex-auth completion zsh > DIRECTORY/_codex-auth      with the directory in fpath
typeset -ga __codex_auth_completion_program=(codex-auth)  # init: program
typeset -g __codex_auth_completion_base=~/.codex  # init: base

# Offers what the program knows: accounts or pins. Names are data: they reach compadd as words and nothing else.
_codex-auth_candidates() {
  local -a words about expl
  local line
  for line in "${(@f)$(CODEX_AUTH_BASE=$__codex_auth_completion_base \
    "${__codex_auth_completion_program[@]}" candidates $1 2>/dev/null </dev/null)}"; do
    [[ -n $line ]] || continue
    words+=("${line%%$'\t'*}")
    about+=("${line%%$'\t'*}  -- ${line#*$'\t'}")
  done
  _wanted $1 expl $1 compadd -l -d about -a words
}
_codex-auth_accounts() { _codex-auth_candidates accounts }
_codex-auth_pins() { _codex-auth_candidates pins }
_codex-auth_accounts_or_dash() { _alternative 'back:back:((-\:"back to the one before"))' 'accounts:account:_codex-auth_accounts' }
_codex-auth_values() {
  case $words[CURRENT-1] in
    share) compadd all none ;;
    export_api_key | announce) compadd true false ;;
    *) _message 'seconds' ;;
  esac
}

_codex-auth() {
  local curcontext=$curcontext state ret=1
  local -a line commands help=('(-h --help)'{-h,--help}'[show the help]')
  local -a json=('--json[print a JSON document]')
  local -A opt_args
  commands=(
    'list:accounts, their plans and what is left of their limits'
    'current:which account is active here, and why'
    'pin:use an account in this directory and below'
    'unpin:take the pin of this directory away'
    'use:use an account in this shell and what it starts'
    'switch:change the default account'
    'exec:run a command as the account of this directory'
    'login:log in and add the account, or add an API key'
    'import:add accounts from files, folders or CLIProxyAPI'
    'export:write the credentials out'
    'alias:name an account'
    'remove:remove accounts with their credentials and homes'
    'init:print the snippet for zsh, bash, fish or pwsh'
    'completion:print the completions for a shell'
    'pins:every pinned directory and its account'
    "env:print an account's variables, for direnv, CI and scripts"
    'config:show and change settings'
    'doctor:check Codex, homes, links, permissions and shells'
    'sync:take up what Codex or another program has written'
    'clean:drop stale files'
    'eject:put a plain auth.json back and take all of ours away'
    'help:show the help of a command'
  )

  _arguments -C $help '(- *)'{-V,--version}'[show the version]' '1: :->command' '*:: :->arguments' && ret=0
  if [[ $state == command ]]; then
    _describe -t commands command commands && ret=0
    return ret
  fi
  [[ $state == arguments ]] || return ret

  curcontext=${curcontext%:*:*}:codex-auth-$words[1]:
  case $words[1] in
    list)
      _arguments $help $json '--active[refresh the active account only]' '--live[full screen, redrawn]' \
        '--skip-api[ask nobody]' && ret=0
      ;;
    current | doctor) _arguments $help $json && ret=0 ;;
    pin) _arguments $help '1:account:_codex-auth_accounts' '2:directory:_files -/' && ret=0 ;;
    unpin) _arguments $help '1:directory:_codex-auth_pins' && ret=0 ;;
    use) _arguments $help '1:account:_codex-auth_accounts_or_dash' && ret=0 ;;
    switch) _arguments $help $json '1:account:_codex-auth_accounts_or_dash' && ret=0 ;;
    exec) _arguments $help '--account=[the account]:account:_codex-auth_accounts' '*:::command: _normal' && ret=0 ;;
    login)
      _arguments $help '--device-auth[log in with a code on another device]' '--with-api-key[add an API key]' \
        '--alias=[name the account]:alias:' '--pin[pin this directory to the account]' && ret=0
      ;;
    import)
      _arguments $help '--alias=[name the account]:alias:' '--cpa[read tokens of CLIProxyAPI]' \
        '--purge[rebuild the registry]' $json '1:file or folder:_files' && ret=0
      ;;
    export) _arguments $help $json '--cpa[as tokens of CLIProxyAPI]' '1:directory:_files -/' && ret=0 ;;
    alias)
      _arguments $help '1:action:((set\:"name an account" clear\:"take its name away"))' \
        '2:account:_codex-auth_accounts' '3:alias:' && ret=0
      ;;
    remove)
      _arguments $help $json '--all[remove every account, with its pins]' '--unpin[take the pins away too]' \
        '(-y --yes)'{-y,--yes}'[do not ask]' '*:account:_codex-auth_accounts' && ret=0
      ;;
    init)
      _arguments $help '(--no-prompt)--prompt[show the account in the prompt]' \
        '(--prompt)--no-prompt[leave the prompt alone]' '(--no-hook)--hook[follow cd and every prompt]' \
        '(--hook)--no-hook[nothing runs by itself]' '1:shell:(zsh bash fish pwsh)' && ret=0
      ;;
    completion) _arguments $help '1:shell:(zsh bash fish pwsh)' && ret=0 ;;
    pins) _arguments $help $json '--prune[take away the pins of directories that are gone]' && ret=0 ;;
    env)
      _arguments $help $json '--shell=[whose commands to print]:shell:(sh zsh bash fish pwsh)' \
        '1:account:_codex-auth_accounts' && ret=0
      ;;
    config)
      _arguments $help '1:setting:(share export_api_key announce interval)' '2:value:_codex-auth_values' && ret=0
      ;;
    sync) _arguments $help '--quiet[say only what somebody should know]' && ret=0 ;;
    clean | eject) _arguments $help && ret=0 ;;
    help) _describe -t commands command commands && ret=0 ;;
  esac
  return ret
}

if [[ $funcstack[1] == _codex-auth ]]; then
  _codex-auth "$@" # loaded from fpath, by the first completion
elif (( $+functions[compdef] )); then
  compdef _codex-auth codex-auth
fi
