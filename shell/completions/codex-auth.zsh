#compdef codex-auth
# codex-auth completions for zsh: the program says what to offer.
#
#   eval "$(codex-auth completion zsh)"                    in ~/.zshrc, or
#   codex-auth completion zsh > DIRECTORY/_codex-auth      with the directory in fpath
typeset -ga __codex_auth_completion_program=(codex-auth)  # init: program
typeset -g __codex_auth_completion_base=~/.codex  # init: base

# Each line is a word, a tab, what it is; without a word it names what zsh knows better. Names are data: they reach compadd as words
# and nothing else.
_codex-auth() {
  local -a offered about expl
  local line skip
  for line in "${(@f)$(CODEX_AUTH_BASE=$__codex_auth_completion_base \
    "${__codex_auth_completion_program[@]}" complete -- "${(@Q)words[2,CURRENT]}" 2>/dev/null </dev/null)}"; do
    case $line in
      $'\t'directories) _files -/ ;;
      $'\t'files) _files ;;
      $'\t'command\ *)
        skip=${line##* }
        shift $skip words
        (( CURRENT -= skip ))
        _normal
        ;;
      ?*)
        offered+=("${line%%$'\t'*}")
        about+=("${line%%$'\t'*}  -- ${line#*$'\t'}")
        ;;
    esac
  done
  if (( $#offered )); then _wanted codex-auth expl codex-auth compadd -l -d about -a offered; fi
}

if [[ $funcstack[1] == _codex-auth ]]; then
  _codex-auth "$@" # loaded from fpath, by the first completion
elif (( $+functions[compdef] )); then
  compdef _codex-auth codex-auth
else
  # compinit comes further down: it is asked for at the first prompt, and that once
  autoload -Uz add-zsh-hook
  __codex_auth_compdef() {
    add-zsh-hook -d precmd __codex_auth_compdef
    if (( $+functions[compdef] )); then compdef _codex-auth codex-auth; fi
  }
  add-zsh-hook precmd __codex_auth_compdef
fi
