# shellcheck shell=bash
# codex-auth completions for bash (3.2 and up), with the names of the accounts.
#
#   eval "$(codex-auth completion bash)"
__codex_auth_completion_program=(codex-auth)  # init: program
__codex_auth_completion_base=~/.codex         # init: base

# The functions below share the variables of __codex_auth_complete: typed, the word so far as it stands on the line, and kept, the
# part of it that readline leaves alone.

# Offers those of the words that begin with what is typed. Names are data: they are compared and quoted, never expanded.
__codex_auth_offer() {
  local word plain=$typed mark=''
  case $typed in
    \'* | \"*) mark=${typed:0:1} plain=${typed:1} ;;
    *) plain=${typed//\\/} ;;
  esac
  for word in "$@"; do
    [[ $word == "$plain"* ]] || continue
    case $mark in
      # between quotes a word goes in as it is: not one that would end the quotes or be expanded in them
      \') [[ $word != *\'* ]] || continue ;;
      \") [[ $word != *[\"\$\`\\!]* ]] || continue ;;
      *) printf -v word %q "$word" ;;
    esac
    COMPREPLY+=("${word#"$kept"}")
  done
}

# Offers each line that it reads, up to a tab.
__codex_auth_offer_lines() {
  local line
  while IFS= read -r line; do __codex_auth_offer "${line%%$'\t'*}"; done
}

# Offers what the program knows: accounts or pins.
__codex_auth_candidates() {
  __codex_auth_offer_lines < <(CODEX_AUTH_BASE=$__codex_auth_completion_base \
    "${__codex_auth_completion_program[@]}" candidates "$1" 2>/dev/null </dev/null)
}

# Offers what compgen makes of the word: -f files, -d directories, -c commands.
__codex_auth_generate() {
  local line
  if [[ $1 != -c ]] && type compopt >/dev/null 2>&1; then compopt -o filenames; fi
  while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen "$1" -- "$typed")
}

# Sets words to the words up to the cursor. bash breaks them at @, : and = too, but alice@example.com is one.
__codex_auth_split() {
  local piece rest=${COMP_LINE:0:COMP_POINT}
  words=()
  for piece in "${COMP_WORDS[@]:0:COMP_CWORD+1}"; do
    if [[ ${#words[@]} -eq 0 || $rest == [[:space:]]* ]]; then
      words+=("$piece")
    else
      words[${#words[@]} - 1]+=$piece
    fi
    rest=${rest#"${rest%%[![:space:]]*}"}
    rest=${rest#"$piece"}
  done
}

__codex_auth_complete() {
  local words typed kept='' breaks=${COMP_WORDBREAKS//[!@:=]/} before verb='' place=0 i
  COMPREPLY=()
  __codex_auth_split
  i=$((${#words[@]} - 1))
  typed=${words[i]} before=${words[i - 1]}
  case $typed in --*=*) before=${typed%%=*} typed=${typed#*=} ;; esac
  case $typed in
    \'* | \"*) ;;
    *) [[ -z $breaks ]] || kept=${typed%"${typed##*["$breaks"]}"} ;;
  esac
  kept=${kept%@} # readline takes a word with the @ that it breaks at

  # the command, and how many arguments stand before the cursor
  for ((i = 1; i < ${#words[@]} - 1; i++)); do
    case ${words[i]} in
      --)
        [[ $verb == exec ]] && __codex_auth_generate "$([[ $i -eq $((${#words[@]} - 2)) ]] && echo -c || echo -f)"
        [[ $verb == exec ]] && return
        ;;
      --account | --shell | --alias) ((++i)) ;;
      -?*) ;;
      *) if [[ -z $verb ]]; then verb=${words[i]}; else ((++place)); fi ;;
    esac
  done

  case $before in
    --account) __codex_auth_candidates accounts && return ;;
    --shell) __codex_auth_offer sh zsh bash fish pwsh && return ;;
    --alias) return ;;
  esac
  case $verb:$typed in
    list:-*) __codex_auth_offer --active --live --skip-api --json --help ;;
    current:-* | doctor:-* | switch:-?*) __codex_auth_offer --json --help ;;
    exec:-*) __codex_auth_offer --account --help -- ;;
    login:-*) __codex_auth_offer --device-auth --with-api-key --alias --pin --help ;;
    import:-*) __codex_auth_offer --alias --cpa --purge --json --help ;;
    export:-*) __codex_auth_offer --cpa --json --help ;;
    remove:-*) __codex_auth_offer --all --unpin --yes --json --help ;;
    init:-*) __codex_auth_offer --prompt --no-prompt --hook --no-hook --help ;;
    pins:-*) __codex_auth_offer --prune --json --help ;;
    env:-*) __codex_auth_offer --shell --json --help ;;
    sync:-*) __codex_auth_offer --quiet --help ;;
    :-*) __codex_auth_offer --help --version ;;
    *:-?*) __codex_auth_offer --help ;;
    : | :* | help:*)
      __codex_auth_offer list current pin unpin use switch exec login import export alias remove init completion pins env \
        config doctor sync clean eject help
      ;;
    pin:* | use:* | switch:* | env:*)
      if [[ $place -eq 0 ]]; then __codex_auth_candidates accounts; fi
      if [[ $place -eq 0 && $verb == [us]* ]]; then __codex_auth_offer -; fi
      if [[ $place -eq 1 && $verb == pin ]]; then __codex_auth_generate -d; fi
      ;;
    unpin:*) __codex_auth_candidates pins ;;
    remove:*) __codex_auth_candidates accounts ;;
    alias:*)
      if [[ $place -eq 0 ]]; then __codex_auth_offer set clear; fi
      if [[ $place -eq 1 ]]; then __codex_auth_candidates accounts; fi
      ;;
    init:* | completion:*) __codex_auth_offer zsh bash fish pwsh ;;
    import:*) __codex_auth_generate -f ;;
    export:*) __codex_auth_generate -d ;;
    config:*)
      if [[ $place -eq 0 ]]; then __codex_auth_offer share export_api_key announce interval; fi
      if [[ $place -eq 1 ]]; then
        case $before in
          share) __codex_auth_offer all none ;;
          export_api_key | announce) __codex_auth_offer true false ;;
        esac
      fi
      ;;
  esac
}
complete -F __codex_auth_complete codex-auth
