# shellcheck shell=bash
# codex-auth for bash (3.2 and up): this shell uses the OpenAI account that belongs to its directory.
#
#   eval "$(codex-auth init bash)"
#
# What follows is parsed without the user's aliases, not in POSIX mode, which knows no function codex-auth, and not exported under
# set -a; the last lines give all back.
\builtin shopt -q expand_aliases && __codex_auth_aliases=-s || __codex_auth_aliases=-u
\builtin shopt -qo posix && __codex_auth_posix=-s || __codex_auth_posix=-u
\builtin shopt -qo allexport && __codex_auth_export=-s || __codex_auth_export=-u
\builtin shopt -u expand_aliases
\builtin shopt -uo posix
\builtin shopt -uo allexport

__codex_auth_program=(codex-auth)  # init: program
__codex_auth_base=~/.codex         # init: base
__codex_auth_prompt=1              # init: prompt
__codex_auth_hook=1                # init: hook

__codex_auth_ours=$__codex_auth_base/codex-auth
# Beside one of these Codex would bill another account or organization than the prompt shows.
__codex_auth_strays=(
  CODEX_API_KEY CODEX_ACCESS_TOKEN CODEX_AUTHAPI_BASE_URL OPENAI_FEDERATION_RULE_ID OPENAI_IDENTITY_TOKEN_FILE
  OPENAI_ORGANIZATION OPENAI_PROJECT
)
# The variables of the user that an account takes over and gives back, and those that tell of the account.
__codex_auth_managed=(CODEX_HOME CODEX_SQLITE_HOME OPENAI_API_KEY "${__codex_auth_strays[@]}")
__codex_auth_told=(CODEX_AUTH_ACCOUNT CODEX_AUTH_EMAIL CODEX_AUTH_PLAN CODEX_AUTH_LABEL)
__codex_auth_names=("${__codex_auth_managed[@]}" "${__codex_auth_told[@]}")

__codex_auth_fresh=1  # until the first prompt: apply again, whatever an rc file has exported meanwhile
__codex_auth_quiet=   # while the rc files run
__codex_auth_seen=    # token, override and directory of the last run
__codex_auth_applied= # what is in force: home id, source, token
__codex_auth_tried=   # the state that sync was last run for
__codex_auth_known=   # codex-auth/ has been there: when it goes, somebody has ejected it
__codex_auth_label=   # the label without a mark
__codex_auth_home=    # the account home in force
__codex_auth_expected=$__codex_auth_base # what CODEX_HOME should be, or stand for
__codex_auth_reasons= # what has been said already, each in a line
# What is in PS1: of an earlier init, or of an outer shell that exports PS1; whether that is the label itself; the label it is for,
# and that without control characters.
# shellcheck disable=SC2016 # bash expands it when it shows the prompt
__codex_auth_segment=${__codex_auth_segment-'\[\e[2m\]${__codex_auth_text-}\[\e[22m\] '}
__codex_auth_literal=${__codex_auth_literal-}
__codex_auth_shown=${__codex_auth_shown-}
__codex_auth_text=${__codex_auth_text-}

# `builtin` keeps out functions that are named like commands. Everything is quoted, and set -e and set -u may be on. Nothing here
# is newer than bash 3.2, unless guarded.

# Runs before each prompt. Prints nothing to stdout and starts no process, except by sync. Keeps $?.
# bash copies a function whenever it calls it, so that what is rarely needed costs less in functions of its own.
__codex_auth_hook() {
  local status=$? token='' IFS=$' \t\n'
  if [[ $- == *[aex]* ]] || builtin shopt -q nocasematch; then
    __codex_auth_plainly __codex_auth_hook
    if [[ $- == *e* ]]; then status=0; fi # `! true` must not end a shell that has set -e
    return "$status"
  fi

  __codex_auth_look

  # Has somebody else written, or removed, a credential since the last sync?
  if [[ $__codex_auth_base/auth.json -nt $__codex_auth_ours/synced || ! -e $__codex_auth_base/auth.json ||
    $__codex_auth_base/accounts/registry.json -nt $__codex_auth_ours/synced ]] ||
    [[ -n $__codex_auth_home && (! -e $__codex_auth_home/auth.json ||
    $__codex_auth_home/auth.json -nt $__codex_auth_ours/synced) ]]; then
    __codex_auth_reconcile
  else
    __codex_auth_tried=
  fi
  if [[ -z $__codex_auth_quiet ]]; then __codex_auth_fresh=; fi

  # Does Codex use what the label says? Looked at closely only where the answer is not a plain yes.
  if [[ ${CODEX_HOME:-${HOME-}/.codex} != "$__codex_auth_expected" || ${CODEX_AUTH_LABEL-} != "$__codex_auth_label" ||
    -n ${CODEX_API_KEY-}${CODEX_ACCESS_TOKEN-}${CODEX_AUTHAPI_BASE_URL-}${OPENAI_FEDERATION_RULE_ID-} ||
    -n ${OPENAI_IDENTITY_TOKEN_FILE-}${OPENAI_ORGANIZATION-}${OPENAI_PROJECT-} ]]; then
    __codex_auth_mark
  fi
  if [[ ${CODEX_AUTH_LABEL-} != "$__codex_auth_shown" || ${PS1-} != *"$__codex_auth_segment"* ||
    -n $__codex_auth_literal ]] || ! builtin shopt -q promptvars; then
    __codex_auth_put_label
  fi
  return "$status"
}

# Finds out whether anything changed since the last run: the token, the override, the directory.
__codex_auth_look() {
  # su and sudo keep HOME: what another user owns is not believed.
  if [[ -O $__codex_auth_ours ]]; then
    if [[ -r $__codex_auth_ours/generation ]]; then builtin read -r token <"$__codex_auth_ours/generation" || :; fi
    token=own:$token __codex_auth_known=1
  elif [[ -e $__codex_auth_ours ]]; then
    token=foreign
  else
    token=none
  fi
  if [[ "$token ${CODEX_AUTH_USE-} $PWD" != "$__codex_auth_seen" || -n $__codex_auth_fresh ]]; then __codex_auth_follow; fi
}

# Finds the account of this directory, and puts it in force.
__codex_auth_follow() {
  local id='' source='' why=''
  __codex_auth_seen= # should Ctrl-C come now, the next prompt does it all again
  __codex_auth_resolve
  if [[ "$id $source $token" != "$__codex_auth_applied" || -n $__codex_auth_fresh ]]; then __codex_auth_apply; fi
  __codex_auth_seen="$token ${CODEX_AUTH_USE-} $PWD"
}

# Runs sync, once for one state, and looks again.
__codex_auth_reconcile() {
  local stale='' state='' round=''
  for round in 1 2; do
    stale=
    if [[ $token == own:* ]]; then
      if [[ $__codex_auth_base/auth.json -nt $__codex_auth_ours/synced ]]; then
        stale+=" base"
      elif [[ ! -e $__codex_auth_base/auth.json && -s $__codex_auth_ours/env/@default ]]; then
        stale+=" base-gone"
      fi
      if [[ $__codex_auth_base/accounts/registry.json -nt $__codex_auth_ours/synced ]]; then
        stale+=" registry"
      fi
      if [[ -n $__codex_auth_home ]]; then
        if [[ $__codex_auth_home/auth.json -nt $__codex_auth_ours/synced ]]; then
          stale+=" home"
        elif [[ ! -e $__codex_auth_home/auth.json ]]; then
          stale+=" home-gone"
        fi
      fi
    elif [[ $token == none && -z $__codex_auth_known && -e $__codex_auth_base/auth.json ]]; then
      stale=" new"
    fi
    state=${stale:+"$__codex_auth_applied$stale"}
    if [[ -n $__codex_auth_quiet || $state == "$__codex_auth_tried" ]]; then return 0; fi
    __codex_auth_tried=$state
    if [[ -z $state || ! -O $__codex_auth_base || $round == 2 ]]; then return 0; fi
    __codex_auth_sync
    token=
    __codex_auth_look
  done
}

# Exports the label, with a mark where Codex would use something else than it says.
__codex_auth_mark() {
  local mark='' name=''
  if [[ -z $__codex_auth_label ]]; then return 0; fi
  case ${_CODEX_AUTH_APPLIED-} in
    *.missing) ;;
    @default)
      name=${CODEX_HOME:-${HOME-}/.codex}
      if [[ $name != "$__codex_auth_base" && ! $name -ef $__codex_auth_base ]]; then mark=" !"; fi
      ;;
    *) if [[ ${CODEX_HOME-} != "$__codex_auth_home" ]]; then mark=" !"; fi ;;
  esac
  if [[ ${_CODEX_AUTH_APPLIED-} != *.missing ]]; then
    for name in "${__codex_auth_strays[@]}"; do
      if [[ -n ${!name-} ]] && __codex_auth_is_exported "$name"; then mark=" !"; fi
    done
  fi
  builtin export CODEX_AUTH_LABEL="$__codex_auth_label$mark"
}

# Calls a function without the options of the user that would matter: under set -x a secret would show, under set -a it would be
# exported; and the names of directories have cases.
__codex_auth_plainly() {
  { local flags=$- nocase=; set +aex; } 2>/dev/null
  if builtin shopt -q nocasematch; then nocase=1; fi
  builtin shopt -u nocasematch
  "$@"
  if [[ -n $nocase ]]; then builtin shopt -s nocasematch; fi
  if [[ $flags == *a* ]]; then set -a; fi
  if [[ $flags == *e* ]]; then set -e; fi
  { if [[ $flags == *x* ]]; then set -x; fi; return 0; } 2>/dev/null
}

# Finds the account of this directory: sets id (a home id, @default, or nothing), source and, where it fails closed, why.
__codex_auth_resolve() {
  local dir='' gitdir='' back='' worktrees=()
  id='' source=default why=''

  if [[ -n ${CODEX_AUTH_USE-} ]]; then
    source=use id=$CODEX_AUTH_USE
    if ! __codex_auth_is_id "$id"; then
      id=0000000000000000 why="CODEX_AUTH_USE is not a home id"
    fi
    return 0
  fi
  if [[ $token == foreign ]]; then why="$__codex_auth_ours belongs to another user and is ignored"; fi
  if [[ $token != own:* ]]; then return 0; fi
  if [[ ! -x $__codex_auth_ours ]]; then
    source=pin id=0000000000000000 why="$__codex_auth_ours cannot be read"
    return 0
  fi

  # In a deleted directory PWD may be ".": there is nothing to walk.
  if [[ $PWD == /* ]]; then
    dir=$PWD
    if ! __codex_auth_is_physical "$dir"; then __codex_auth_resolve_links "$dir"; fi
    if __codex_auth_find_pin "$dir"; then return 0; fi
    # A linked worktree of git counts as its repository, but only where the repository names it too: else any .git file of a
    # stranger could pick an account.
    for dir in ${worktrees[@]+"${worktrees[@]}"}; do
      gitdir='' back=''
      IFS= builtin read -r -n 8192 gitdir <"$dir/.git" || :
      if [[ $gitdir != "gitdir: "?* ]]; then continue; fi
      gitdir=${gitdir#gitdir: }
      if [[ $gitdir != /* ]]; then gitdir=$dir/$gitdir; fi
      if [[ $gitdir != */worktrees/?* || ! -f $gitdir/gitdir || ! -r $gitdir/gitdir ]]; then continue; fi
      IFS= builtin read -r back <"$gitdir/gitdir" || :
      if [[ $back != /* ]]; then back=$gitdir/$back; fi
      if [[ $back != */.git || ! ${back%/.git} -ef $dir ]]; then continue; fi
      dir=$gitdir
      if ! __codex_auth_is_physical "$dir"; then __codex_auth_resolve_links "$dir"; fi
      case ${dir##*/worktrees/} in */*) continue ;; esac
      dir=${dir%/worktrees/*}
      if __codex_auth_find_pin "${dir%/.git}"; then return 0; fi
      break
    done
  fi
  id=@default
}

# Takes an absolute path; returns whether no part of it is a link, or steps up.
__codex_auth_is_physical() {
  local dir=$1
  if [[ $dir == / ]]; then return 0; fi
  case $dir/ in */./* | */../* | *//*) return 1 ;; esac
  while [[ -n $dir ]]; do
    if [[ -L $dir ]]; then return 1; fi
    dir=${dir%/*}
  done
}

# Takes a directory; sets dir to its physical path, if it is there. The only fork of the hook, where the way to a directory leads
# through a link. The x keeps a line feed at the end of a name.
__codex_auth_resolve_links() {
  local answer=''
  answer=$(builtin cd -P -- "$1" 2>/dev/null && builtin printf '%sx' "$PWD") || :
  case $answer in
    //*) dir=${answer#/} dir=${dir%x} ;;
    /*) dir=${answer%x} ;;
  esac
}

# Takes a physical directory; sets id and source when it or a parent is pinned, else returns 1. Notes where a .git file lies.
__codex_auth_find_pin() {
  local dir=$1 mirror='' pin='' rest=''
  if [[ $dir == / ]]; then dir=; fi
  while :; do
    mirror=$__codex_auth_ours/pins$dir
    pin=$mirror/%account
    if [[ -e $pin || -L $pin ]]; then
      source=pin id=''
      if [[ -f $pin && -r $pin ]]; then
        { IFS= builtin read -r id && IFS= builtin read -r rest; } <"$pin" || :
        if [[ -n $rest ]] || ! __codex_auth_is_id "$id"; then why="$pin does not hold a home id"; fi
      else
        why="$pin cannot be read"
      fi
      if [[ -n $why ]]; then id=0000000000000000; fi
      return 0
    elif [[ -d $mirror && ! -x $mirror ]]; then
      source=pin id=0000000000000000 why="$mirror cannot be read"
      return 0
    fi
    if [[ -f $dir/.git && ! -L $dir/.git && -r $dir/.git ]]; then worktrees+=("$dir"); fi
    if [[ -z $dir ]]; then return 1; fi
    dir=${dir%/*}
  done
}

# Takes a text; returns whether it is a home id. (A range like a-f would depend on the locale.)
__codex_auth_is_id() {
  [[ ${#1} -eq 16 && $1 != *[!0123456789abcdef]* ]]
}

# Takes the name of a variable that is set. Before bash 4.4 only a fork could tell: there it counts as exported.
__codex_auth_is_exported() {
  if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 404)); then [[ ${!1@a} == *x* ]]; fi
}

# Takes the name of an env file; sets __codex_auth_want_NAME to "-" or "+value" for what is in it. Returns 1 when there is none, or
# nothing in it; 2, and sets why, when it is not whole. The file is data: never sourced.
__codex_auth_read() {
  local file=$__codex_auth_ours/env/$1 text='' line='' name='' names=" ${__codex_auth_names[*]} "
  __codex_auth_forget
  if [[ ! -e $file ]]; then return 1; fi
  why="$file cannot be read"
  if [[ ! -f $file || ! -r $file ]]; then return 2; fi
  if [[ ! -s $file ]]; then
    why=
    return 1
  fi
  why="$file is damaged"
  # At once: read costs 20 µs a call.
  IFS= builtin read -r -d '' text <"$file" || :
  while [[ $text == *$'\n'* ]]; do
    line=${text%%$'\n'*} text=${text#*$'\n'}
    name=${line%%=*} name=${name#-}
    case $names in *" $name "*) ;; *) return 2 ;; esac
    if [[ $line == "-$name" ]]; then
      builtin printf -v "__codex_auth_want_$name" -
    elif [[ $line == "$name="* ]]; then
      builtin printf -v "__codex_auth_want_$name" '+%s' "${line#*=}"
    else
      return 2
    fi
  done
  # What is left is a last line without a line feed.
  if [[ -n $text || $name != CODEX_AUTH_LABEL ]]; then return 2; fi
  if [[ $1 == @default ]]; then
    if [[ -n ${__codex_auth_want_CODEX_HOME-}${__codex_auth_want_CODEX_SQLITE_HOME-} ]]; then return 2; fi
  elif [[ ${__codex_auth_want_CODEX_HOME-} != +?* || ${__codex_auth_want_CODEX_AUTH_ACCOUNT-} != +?* ]]; then
    return 2
  fi
  why=
}

__codex_auth_forget() {
  builtin unset -v "${__codex_auth_names[@]/#/__codex_auth_want_}"
}

# Leaves what is in force and puts id in force.
__codex_auth_apply() {
  local was=${_CODEX_AUTH_APPLIED-} applied='' name='' old='' want='' reason=$why touched=' ' plain='' announce=''
  __codex_auth_restore
  __codex_auth_forget

  __codex_auth_applied='' __codex_auth_label='' __codex_auth_home='' why=''
  if [[ -n $id && $token == own:* && -z $reason ]]; then
    if __codex_auth_read "$id"; then
      applied=$id
      __codex_auth_home=${__codex_auth_want_CODEX_HOME-}
      __codex_auth_home=${__codex_auth_home#+}
    else
      reason=$why
    fi
  fi
  # A pin or use fails closed: a home that never exists keeps Codex from starting as somebody else.
  if [[ -z $applied && $source != default ]]; then
    applied=$id.missing
    __codex_auth_forget
    __codex_auth_want_CODEX_HOME=+$__codex_auth_ours/homes/$applied
    __codex_auth_want_CODEX_AUTH_LABEL="+missing account"
    for name in "${__codex_auth_strays[@]}"; do builtin printf -v "__codex_auth_want_$name" -; done
  fi

  if [[ -n $applied ]]; then
    builtin export _CODEX_AUTH_APPLIED="$applied"
    # While the account stays the same, what the user has changed is his.
    if [[ -n $__codex_auth_fresh || $applied != "$was" ]]; then touched=' '; fi
    for name in "${__codex_auth_managed[@]}"; do
      want=__codex_auth_want_$name want=${!want-} old=-
      if [[ -z $want ]]; then continue; fi
      if [[ -n ${!name+x} ]]; then
        old=+${!name}
        if [[ $applied == @default && $old == +?* ]]; then
          # His own key stays; that it is his is kept, should the account have the same.
          builtin printf -v "_CODEX_AUTH_OLD_$name" %s "$old"
          builtin printf -v "_CODEX_AUTH_SET_$name" %s "$old"
          continue
        fi
        if ! __codex_auth_is_exported "$name"; then
          # What is only a variable of this shell comes back as one: it was not in the environment.
          builtin printf -v "__codex_auth_plain_$name" %s "${!name}"
          builtin unset -v "$name" 2>/dev/null || continue
          old=-
        fi
      fi
      builtin printf -v "_CODEX_AUTH_OLD_$name" %s "$old"
      builtin printf -v "_CODEX_AUTH_SET_$name" %s "$want"
      if [[ $old == "$want" ]]; then continue; fi
      case $name in
        OPENAI_API_KEY | CODEX_API_KEY | CODEX_ACCESS_TOKEN) ;; # secrets are not exported a second time
        *) builtin export "_CODEX_AUTH_OLD_$name" "_CODEX_AUTH_SET_$name" ;;
      esac
      if [[ $touched != *" $name "* ]]; then __codex_auth_put "$name" "$want"; fi
    done
    for name in "${__codex_auth_told[@]}"; do
      want=__codex_auth_want_$name want=${!want-}
      if [[ $want == +?* ]]; then builtin export "$name=${want#+}"; fi
    done
    # shellcheck disable=SC2034 # for programs
    builtin export CODEX_AUTH_SOURCE="$source"
    __codex_auth_label=${__codex_auth_want_CODEX_AUTH_LABEL#+}
    __codex_auth_expected=${__codex_auth_want_CODEX_HOME:-+$__codex_auth_base}
    __codex_auth_expected=${__codex_auth_expected#+}
  fi
  __codex_auth_forget
  __codex_auth_applied="$id $source $token"

  if [[ -n $__codex_auth_quiet ]]; then return 0; fi
  if [[ -n $reason && $'\n'$__codex_auth_reasons != *$'\n'"$reason"$'\n'* ]]; then
    __codex_auth_reasons+=$reason$'\n'
    builtin printf 'codex-auth: %s\n' "${reason//[[:cntrl:]]/?}" >&2
  fi
  if [[ -z $__codex_auth_fresh && $applied != "$was" && -t 2 && -r $__codex_auth_ours/generation ]]; then
    { IFS= builtin read -r announce && IFS= builtin read -r announce; } <"$__codex_auth_ours/generation" || announce=
    if [[ $announce == announce ]]; then
      plain=${__codex_auth_label//[[:cntrl:]]/}
      plain=${plain:+now $plain}
      builtin printf 'codex-auth: %s\n' "${plain:-no account}" >&2
    fi
  fi
}

# Gives back what the user had, except where he has changed it meanwhile: those names go to touched.
__codex_auth_restore() {
  local name='' now='' old='' set='' plain=''
  # A secret is not saved in the environment: in a new shell the key that the account sets is known by its value.
  if [[ -n $__codex_auth_fresh && $token == own:* && -n ${OPENAI_API_KEY-} && -z ${_CODEX_AUTH_SET_OPENAI_API_KEY-} ]]; then
    if [[ $was == @default ]] || __codex_auth_is_id "$was"; then
      if __codex_auth_read "$was" && [[ ${__codex_auth_want_OPENAI_API_KEY-} == "+$OPENAI_API_KEY" ]]; then
        _CODEX_AUTH_OLD_OPENAI_API_KEY=-
        _CODEX_AUTH_SET_OPENAI_API_KEY=+$OPENAI_API_KEY
      fi
    fi
  fi
  for name in "${__codex_auth_managed[@]}"; do
    old=_CODEX_AUTH_OLD_$name set=_CODEX_AUTH_SET_$name plain=__codex_auth_plain_$name
    if [[ -z ${!set-} ]]; then continue; fi
    now=-
    if [[ -n ${!name+x} ]]; then now=+${!name}; fi
    if [[ $now != "${!set}" ]]; then
      touched+="$name "
    elif [[ -n ${!plain+x} ]]; then
      builtin unset -v "$name"
      builtin printf -v "$name" %s "${!plain}"
    elif [[ $now != "${!old--}" ]]; then
      __codex_auth_put "$name" "${!old--}"
    fi
    builtin unset -v "$old" "$set" "$plain"
  done
  builtin unset -v _CODEX_AUTH_APPLIED CODEX_AUTH_SOURCE "${__codex_auth_told[@]}"
}

# Takes a name and "-" or "+value". What is readonly stays: the mark behind the label tells.
__codex_auth_put() {
  if [[ $2 == - ]]; then
    builtin unset -v "$1" 2>/dev/null || :
  else
    builtin export "$1=${2#+}" 2>/dev/null || :
  fi
}

# The rare process: takes over what Codex or another tool has written.
__codex_auth_sync() {
  local -x CODEX_AUTH_BASE="$__codex_auth_base"
  builtin command "${__codex_auth_program[@]}" sync --quiet </dev/null >/dev/null || :
}

# The program, which cannot change its parent: `use` answers with a home id, or with - for none.
codex-auth() {
  local answer='' failed=0
  local -x CODEX_AUTH_BASE="$__codex_auth_base" CODEX_AUTH_SNIPPET=bash
  if [[ ${1-} == use ]]; then
    answer=$(builtin command "${__codex_auth_program[@]}" "$@") || failed=$?
    if [[ $failed == 0 ]] && __codex_auth_is_id "$answer"; then
      builtin export CODEX_AUTH_USE="$answer"
    elif [[ $failed == 0 && $answer == - ]]; then
      builtin unset -v CODEX_AUTH_USE
    elif [[ -n $answer ]]; then
      builtin printf '%s\n' "$answer"
    fi
  else
    builtin command "${__codex_auth_program[@]}" "$@" || failed=$?
  fi
  __codex_auth_hook || :
  return "$failed"
}

# Puts the label before the prompt. What the variable holds is shown as it is: PS1 is decoded first and expanded then, once. Without
# promptvars it is only decoded.
__codex_auth_put_label() {
  local segment='' label=${CODEX_AUTH_LABEL-}
  __codex_auth_shown=$label __codex_auth_text=${label//[[:cntrl:]]/} __codex_auth_literal=
  if [[ $__codex_auth_prompt != 1 || $- != *i* ]]; then return 0; fi
  if [[ -n $label ]]; then
    # shellcheck disable=SC2016 # bash expands it when it shows the prompt
    segment='${__codex_auth_text-}'
    if ! builtin shopt -q promptvars; then
      segment=${__codex_auth_text//\\/\\\\}
      __codex_auth_literal=1
    fi
    if [[ ${TERM:-dumb} != dumb ]]; then segment='\[\e[2m\]'$segment'\[\e[22m\]'; fi
    segment+=' '
  fi
  PS1=${PS1-}
  if [[ -n $__codex_auth_segment ]]; then PS1=${PS1/"$__codex_auth_segment"/}; fi
  PS1=$segment$PS1
  __codex_auth_segment=$segment
}

# Runs behind the commands of the user, who may have made PS1 anew there.
__codex_auth_show() {
  local status=$?
  __codex_auth_plainly __codex_auth_put_label
  if [[ $- == *e* ]]; then return 0; fi
  return "$status"
}

# Puts the hook before all other commands that run before a prompt; once.
__codex_auth_register() {
  local element='' text='' newline=$'\n' others=() last=()
  if [[ $__codex_auth_prompt == 1 ]]; then last=(__codex_auth_show); fi
  if [[ -n ${bash_preexec_imported-}${__bp_imported-} ]]; then
    for element in ${precmd_functions[@]+"${precmd_functions[@]}"}; do
      case $element in __codex_auth_hook | __codex_auth_show) ;; *) others+=("$element") ;; esac
    done
    precmd_functions=(__codex_auth_hook ${others[@]+"${others[@]}"} ${last[@]+"${last[@]}"})
    return 0
  fi
  for element in ${PROMPT_COMMAND[@]+"${PROMPT_COMMAND[@]}"}; do
    case $element in
      '' | __codex_auth_hook | __codex_auth_show) ;;
      *__codex_auth_hook*) return 0 ;; # another tool has joined it with its own
      *) others+=("$element") ;;
    esac
  done
  if [[ ${#others[@]} == 0 ]]; then last=(); fi
  if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] < 501)); then
    # There it is a text. A line feed ends whatever the commands of the user end in: nothing, a semicolon, a comment.
    text=__codex_auth_hook${others[0]+$newline}${others[0]-}${last[0]+$newline}${last[0]-}
    if builtin printf -v PROMPT_COMMAND %s "$text" 2>/dev/null; then return 0; fi
  elif [[ -z ${PROMPT_COMMAND+x} || ${PROMPT_COMMAND@a} != *r* ]]; then
    # Elements of an array don't see the status of each other: PIPESTATUS stays that of the user's command.
    PROMPT_COMMAND=(__codex_auth_hook ${others[@]+"${others[@]}"} ${last[@]+"${last[@]}"})
    return 0
  fi
  builtin printf 'codex-auth: PROMPT_COMMAND is readonly: the account will not follow the directory\n' >&2
}

if [[ $__codex_auth_hook == 1 ]]; then
  # PROMPT_COMMAND runs at the prompt only: in `cd work && codex` this is what finds the account.
  if ! builtin declare -F codex >/dev/null; then
    codex() {
      __codex_auth_hook || :
      builtin command codex "$@"
    }
  fi
  if [[ $- == *i* ]]; then
    __codex_auth_register
    __codex_auth_quiet=1 # sync and messages can wait for the first prompt
  fi
fi
__codex_auth_hook || :
__codex_auth_quiet=

builtin shopt "$__codex_auth_export" -o allexport
builtin shopt "$__codex_auth_posix" -o posix
\builtin shopt "$__codex_auth_aliases" expand_aliases
\builtin unset -v __codex_auth_aliases __codex_auth_posix __codex_auth_export
