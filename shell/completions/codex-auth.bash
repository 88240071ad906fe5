# shellcheck shell=bash
# codex-auth completions for bash (3.2 and up): the program says what to offer.
#
#   eval "$(codex-auth completion bash)"
__codex_auth_completion_program=(codex-auth)  # init: program
__codex_auth_completion_base=~/.codex         # init: base

# Sets words to the words up to the cursor. bash breaks them at @, : and = too, but alice@example.com is one.
__codex_auth_completion_words() {
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

# Offers a word if it begins with what is typed. Names are data: they are compared and quoted, never expanded.
__codex_auth_offer() {
  local word=$1
  [[ $word == "$plain"* ]] || return 0
  case $mark in
    # between quotes a word goes in as it is: not one that would end the quotes or be expanded in them
    \') [[ $word != *\'* ]] || return 0 ;;
    \") [[ $word != *[\"\$\`\\!]* ]] || return 0 ;;
    *) printf -v word %q "$word" ;;
  esac
  COMPREPLY+=("${word#"$kept"}")
}

# Offers what compgen makes of the word: -f files, -d directories, -c commands.
__codex_auth_generate() {
  local line
  if [[ $1 != -c ]] && type compopt >/dev/null 2>&1; then compopt -o filenames; fi
  while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen "$1" -- "$typed")
}

__codex_auth_complete() {
  local words typed plain mark='' kept='' breaks=${COMP_WORDBREAKS//[!@:=]/} line last
  COMPREPLY=()
  __codex_auth_completion_words
  last=$((${#words[@]} - 1))
  typed=${words[last]}
  case $typed in
    \'* | \"*) mark=${typed:0:1} plain=${typed:1} ;;
    *)
      plain=${typed//\\/}
      # readline leaves what stands before the character that it breaks at, and takes the @ itself along
      [[ -z $breaks ]] || kept=${typed%"${typed##*["$breaks"]}"}
      kept=${kept%@}
      ;;
  esac
  words[last]=$plain
  while IFS= read -r line; do
    case $line in
      $'\t'directories) __codex_auth_generate -d ;;
      $'\t'files) __codex_auth_generate -f ;;
      $'\t'command\ "$last") __codex_auth_generate -c ;;
      $'\t'command\ *) __codex_auth_generate -f ;;
      *) __codex_auth_offer "${line%%$'\t'*}" ;;
    esac
  done < <(CODEX_AUTH_BASE=$__codex_auth_completion_base \
    "${__codex_auth_completion_program[@]}" complete -- "${words[@]:1}" 2>/dev/null </dev/null)
}
complete -F __codex_auth_complete codex-auth
