# codex-auth for zsh: this shell uses the OpenAI account that belongs to its directory.
#
#   eval "$(codex-auth init zsh)"
#
# In a function without a name, with the options of zsh itself, plain assignments are global without a warning; no alias can change
# them.
() {
  \builtin emulate -L zsh
  __codex_auth_program=(codex-auth)  # init: program
  __codex_auth_base=~/.codex         # init: base
  __codex_auth_prompt=1              # init: prompt
  __codex_auth_hook=1                # init: hook
}

# The rest is a quoted text: it is parsed without aliases, and its functions always run with the options of zsh itself, whatever the
# user has set; nothing shows under xtrace. So there is no single quote in it. `builtin` keeps out functions that are named like
# commands; typeset, local and [[ are words of the grammar and need none.
\builtin emulate -R zsh -o no_aliases -o extended_glob -c '
typeset -g __codex_auth_ours=$__codex_auth_base/codex-auth
# Beside one of these Codex would bill another account or organization than the prompt shows.
typeset -ga __codex_auth_strays=(
  CODEX_API_KEY CODEX_ACCESS_TOKEN CODEX_AUTHAPI_BASE_URL OPENAI_FEDERATION_RULE_ID OPENAI_IDENTITY_TOKEN_FILE
  OPENAI_ORGANIZATION OPENAI_PROJECT
)
# The variables of the user that an account takes over and gives back; what was in the first three is not saved in the environment.
typeset -ga __codex_auth_secrets=(OPENAI_API_KEY CODEX_API_KEY CODEX_ACCESS_TOKEN)
typeset -ga __codex_auth_managed=(CODEX_HOME CODEX_SQLITE_HOME OPENAI_API_KEY $__codex_auth_strays)
# The variables that tell of the account.
typeset -ga __codex_auth_told=(CODEX_AUTH_ACCOUNT CODEX_AUTH_EMAIL CODEX_AUTH_PLAN CODEX_AUTH_LABEL)
typeset -ga __codex_auth_names=($__codex_auth_managed $__codex_auth_told CODEX_AUTH_CREDENTIAL)
# The label goes through psvar: %90v prints it as it is, whatever it contains. 90 is far above what vcs_info and themes use.
typeset -g __codex_auth_segment="%(90V.%90v .)"
if [[ ${TERM:-dumb} != dumb ]]; then __codex_auth_segment=${(g::):-"%(90V.%{\\e[2m%}%90v%{\\e[22m%} .)"}; fi

typeset -g __codex_auth_fresh=1   # until the first prompt: apply again, whatever an rc file has exported meanwhile
typeset -g __codex_auth_seen=     # token, override and directory of the last run
typeset -g __codex_auth_applied=  # what is in force: home id, source, token
typeset -g __codex_auth_tried=    # the state that sync was last run for
typeset -g __codex_auth_known=    # codex-auth/ has been there: when it goes, somebody has ejected it
typeset -g __codex_auth_label=    # the label without a mark
typeset -g __codex_auth_home=     # the account home in force
typeset -ga __codex_auth_reasons=() # what has been said already

# A call costs 10 µs: what runs before each prompt is one function.
# Runs before each prompt and when the directory changes. Prints nothing to stdout and starts no process, except by sync.
__codex_auth_hook() {
  local token= seen= id= source= why= stale= state= mark= shown= name=
  local -a generation=()
  local -i round=0

  for round in 1 2; do
    # su and sudo keep HOME: what another user owns is not believed.
    if [[ -O $__codex_auth_ours ]]; then
      generation=()
      if [[ -r $__codex_auth_ours/generation ]]; then
        generation=("${(@f)"$(<$__codex_auth_ours/generation)"}")
      fi
      token=own:${generation[1]-} __codex_auth_known=1
    elif [[ -e $__codex_auth_ours ]]; then
      token=foreign
    else
      token=none
    fi

    seen="$token ${CODEX_AUTH_USE-} $PWD"
    if [[ -n $__codex_auth_fresh || $seen != "$__codex_auth_seen" ]]; then
      __codex_auth_seen=  # should Ctrl-C come now, the next prompt does it all again
      __codex_auth_resolve
      if [[ -n $__codex_auth_fresh || "$id $source $token" != "$__codex_auth_applied" ]]; then
        __codex_auth_apply
      fi
      __codex_auth_seen=$seen
    fi

    # Has somebody else written, or removed, a credential since the last sync? One state is tried once.
    stale=
    if [[ $token == own:* ]]; then
      # of a file that is not there zsh says that nothing is newer
      if [[ ! -e $__codex_auth_ours/synced && -e $__codex_auth_base/auth.json ]]; then
        stale+=" never"
      elif [[ $__codex_auth_base/auth.json -nt $__codex_auth_ours/synced ]]; then
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
    if [[ -n ${__codex_auth_quiet-} || $state == "$__codex_auth_tried" ]]; then break; fi
    __codex_auth_tried=$state
    if [[ -z $state || ! -O $__codex_auth_base ]] || (( round == 2 )); then break; fi
    __codex_auth_sync
  done

  # The label gets a mark where Codex would use something else than it says.
  if [[ -n $__codex_auth_label ]]; then
    case ${_CODEX_AUTH_APPLIED-} in
      *.missing) ;;
      @default)
        if [[ ${(t)CODEX_HOME-} == *export* && -n $CODEX_HOME ]]; then
          if [[ $CODEX_HOME != "$__codex_auth_base" && ! $CODEX_HOME -ef $__codex_auth_base ]]; then mark=" !"; fi
        elif [[ ${HOME-}/.codex != "$__codex_auth_base" && ! ${HOME-}/.codex -ef $__codex_auth_base ]]; then
          mark=" !"
        fi ;;
      *)
        if [[ ${(t)CODEX_HOME-} != *export* || $CODEX_HOME != "$__codex_auth_home" ]]; then mark=" !"; fi ;;
    esac
    # All at once first: it is rare that one is set.
    if [[ -n ${CODEX_API_KEY-}${CODEX_ACCESS_TOKEN-}${CODEX_AUTHAPI_BASE_URL-}${OPENAI_FEDERATION_RULE_ID-} ||
      -n ${OPENAI_IDENTITY_TOKEN_FILE-}${OPENAI_ORGANIZATION-}${OPENAI_PROJECT-} ]] &&
      [[ ${_CODEX_AUTH_APPLIED-} != *.missing ]]; then
      for name in $__codex_auth_strays; do
        if [[ -n ${(P)name-} && ${(Pt)name} == *export* ]]; then mark=" !"; fi
      done
    fi
    shown=$__codex_auth_label$mark
    if [[ ${CODEX_AUTH_LABEL-} != "$shown" ]]; then typeset -gx CODEX_AUTH_LABEL=$shown; fi
  fi

  if [[ -o interactive ]]; then
    # Only the function itself is on the stack when zsh calls it before a prompt: the rc files have been read.
    if [[ $ZSH_EVAL_CONTEXT == shfunc ]]; then __codex_auth_fresh=; fi
    # powerlevel10k makes the whole prompt itself, and has segments for this.
    if (( __codex_auth_prompt && ! ${+__p9k_sourced} )); then
      if [[ ${psvar[90]-} != "$shown" ]]; then psvar[90]=$shown; fi
      if [[ ${PROMPT-} != *"$__codex_auth_segment"* ]]; then PROMPT=$__codex_auth_segment${PROMPT-}; fi
    fi
  fi
}

# Finds the account of this directory: sets id (a home id, @default, or nothing), source and, where it fails closed, why.
__codex_auth_resolve() {
  local dir= gitdir= back=
  local -a worktrees=()
  id= source=default why=

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
    if __codex_auth_find_pin ${PWD:A}; then return 0; fi
    # A linked worktree of git counts as its repository, but only where the repository names it too: else any .git file of a
    # stranger could pick an account.
    for dir in $worktrees; do
      gitdir=${"$(<$dir/.git)"%%[[:cntrl:]]*}
      if [[ $gitdir != "gitdir: "?* ]]; then continue; fi
      gitdir=${gitdir#"gitdir: "}
      if [[ $gitdir != /* ]]; then gitdir=$dir/$gitdir; fi
      gitdir=${gitdir:A}
      if [[ ${gitdir:h:t} != worktrees || ! -f $gitdir/gitdir || ! -r $gitdir/gitdir ]]; then continue; fi
      back=${"$(<$gitdir/gitdir)"%%[[:cntrl:]]*}
      if [[ $back != /* ]]; then back=$gitdir/$back; fi
      if [[ $back != */.git || ! ${back%/.git} -ef $dir ]]; then continue; fi
      gitdir=${gitdir:h:h}
      if [[ ${gitdir:t} == .git ]]; then gitdir=${gitdir:h}; fi
      if __codex_auth_find_pin $gitdir; then return 0; fi
      break
    done
  fi
  id=@default
}

# Takes a physical directory; sets id and source when it or a parent is pinned, else returns 1. Notes where a .git file lies.
__codex_auth_find_pin() {
  local dir=$1 mirror= pin=
  while [[ $dir == /* ]]; do
    mirror=$__codex_auth_ours/pins${dir%/}
    pin=$mirror/%account
    if [[ -e $pin || -L $pin ]]; then
      source=pin id=
      if [[ -f $pin && -r $pin ]]; then
        id=$(<$pin)
        if ! __codex_auth_is_id "$id"; then why="$pin does not hold a home id"; fi
      else
        why="$pin cannot be read"
      fi
      if [[ -n $why ]]; then id=0000000000000000; fi
      return 0
    elif [[ -d $mirror && ! -x $mirror ]]; then
      source=pin id=0000000000000000 why="$mirror cannot be read"
      return 0
    fi
    # A plain file, no link, not large: what git itself would take.
    if [[ -n $dir/.git(#qN.rL-8192) ]]; then worktrees+=($dir); fi
    if [[ $dir == / ]]; then break; fi
    dir=${dir:h}
  done
  return 1
}

# Takes a text; returns whether it is a home id.
__codex_auth_is_id() {
  [[ ${#1} -eq 16 && $1 != *[^0-9a-f]* ]]
}

# Takes the name of an env file; fills want with name and "-" or "+value". Returns 1 when there is none, or nothing in it;
# 2, and says why, when it is not whole. The file is data: never sourced.
__codex_auth_read() {
  local file=$__codex_auth_ours/env/$1 text= line= name=
  want=()
  if [[ ! -e $file ]]; then return 1; fi
  why="$file cannot be read"
  if [[ ! -f $file || ! -r $file ]]; then return 2; fi
  if [[ ! -s $file ]]; then why=; return 1; fi
  text=$(<$file)
  why="$file is damaged"
  # The last line feed is gone from text (to keep it, read would take 300 µs), but the size in bytes tells whether there was one.
  builtin setopt no_multibyte
  if [[ -z $file(#qNL$(( ${#text} + 1 ))) ]]; then return 2; fi
  for line in "${(@f)text}"; do
    name=${${line%%=*}#-}
    if (( ! ${__codex_auth_names[(Ie)$name]} )); then return 2; fi
    if [[ $line == -$name ]]; then
      want[$name]=-
    elif [[ $line == $name=* ]]; then
      want[$name]=+${line#*=}
    else
      return 2
    fi
  done
  if [[ $name != CODEX_AUTH_LABEL ]]; then return 2; fi
  if [[ $1 == @default ]]; then
    if (( ${+want[CODEX_HOME]} || ${+want[CODEX_SQLITE_HOME]} )); then return 2; fi
  elif [[ ${want[CODEX_HOME]-} != +?* || ${want[CODEX_AUTH_ACCOUNT]-} != +?* ]]; then
    return 2
  fi
  why=
}

# Leaves what is in force and puts id in force.
__codex_auth_apply() {
  local was=${_CODEX_AUTH_APPLIED-} applied= name= kind= old= value= reason=$why
  local -A want=()
  local -a touched=()
  __codex_auth_restore

  __codex_auth_applied= __codex_auth_label= __codex_auth_home= want=() why=
  if [[ -n $id && $token == own:* && -z $reason ]]; then
    if __codex_auth_read $id; then
      applied=$id
      __codex_auth_home=${${want[CODEX_HOME]-}#+}
    else
      reason=$why
    fi
  fi
  # A pin or use fails closed: a home that never exists keeps Codex from starting as somebody else.
  if [[ -z $applied && $source != default ]]; then
    applied=$id.missing
    want=(CODEX_HOME +$__codex_auth_ours/homes/$applied CODEX_AUTH_LABEL "+missing account")
    for name in $__codex_auth_strays; do want[$name]=-; done
  fi

  if [[ -n $applied ]]; then
    typeset -gx _CODEX_AUTH_APPLIED=$applied
    # While the account stays the same, what the user has changed is his.
    if [[ -n $__codex_auth_fresh || $applied != "$was" ]]; then touched=(); fi
    for name in $__codex_auth_managed; do
      value=${want[$name]-} kind=${(Pt)name} old=-
      if [[ -z $value || $kind == *readonly* ]]; then continue; fi
      if [[ -n $kind ]]; then old=+${(P)name}; fi
      if [[ $applied == @default && $old == +?* ]]; then
        # His own key stays; that it is his is kept, should the account have the same.
        typeset -g "_CODEX_AUTH_OLD_$name=$old" "_CODEX_AUTH_SET_$name=$old"
        continue
      fi
      if [[ -n $kind && $kind != *export* ]]; then
        # What is only a variable of this shell comes back as one: it was not in the environment.
        __codex_auth_plain[$name]=${(P)name} old=-
        builtin unset $name
      fi
      if [[ $old == "$value" ]] || (( ${__codex_auth_secrets[(Ie)$name]} )); then
        typeset -g "_CODEX_AUTH_OLD_$name=$old" "_CODEX_AUTH_SET_$name=$value"
      else
        typeset -gx "_CODEX_AUTH_OLD_$name=$old" "_CODEX_AUTH_SET_$name=$value"
      fi
      if [[ $old != "$value" ]] && (( ! ${touched[(Ie)$name]} )); then __codex_auth_put $name "$value"; fi
    done
    for name in $__codex_auth_told; do
      if [[ ${want[$name]-} == +?* ]]; then typeset -gx "$name=${want[$name]#+}"; fi
    done
    typeset -gx CODEX_AUTH_SOURCE=$source
    __codex_auth_label=${${want[CODEX_AUTH_LABEL]}#+}
  fi
  __codex_auth_applied="$id $source $token"

  if [[ -n ${__codex_auth_quiet-} ]]; then return 0; fi
  if [[ -n $reason ]] && (( ! ${__codex_auth_reasons[(Ie)$reason]} )); then
    __codex_auth_reasons+=("$reason")
    builtin print -ru2 -- "codex-auth: ${(V)reason}"
  fi
  if [[ ${generation[2]-} == announce && -z $__codex_auth_fresh && $applied != "$was" && -t 2 ]]; then
    builtin print -ru2 -- "codex-auth: ${${__codex_auth_label:+"now ${(V)__codex_auth_label}"}:-no account}"
  fi
}

# Gives back what the user had, except where he has changed it meanwhile: those names go to touched.
__codex_auth_restore() {
  local name= now= old= set=
  # A secret is not saved in the environment: in a new shell the key that the account sets is known by its value.
  if [[ -n $__codex_auth_fresh && $token == own:* && -n ${OPENAI_API_KEY-} ]] && (( ! ${+_CODEX_AUTH_SET_OPENAI_API_KEY} )); then
    if [[ $was == @default ]] || __codex_auth_is_id "$was"; then
      if __codex_auth_read $was && [[ ${want[OPENAI_API_KEY]-} == "+$OPENAI_API_KEY" ]]; then
        typeset -g _CODEX_AUTH_OLD_OPENAI_API_KEY=- _CODEX_AUTH_SET_OPENAI_API_KEY=+$OPENAI_API_KEY
      fi
    fi
  fi
  for name in $__codex_auth_managed; do
    old=_CODEX_AUTH_OLD_$name set=_CODEX_AUTH_SET_$name
    if (( ! ${(P)+set} )); then continue; fi
    now=-
    if (( ${(P)+name} )); then now=+${(P)name}; fi
    if [[ $now != "${(P)set}" ]]; then
      touched+=($name)
    elif (( ${+__codex_auth_plain[$name]} )); then
      builtin unset $name
      typeset -g "$name=${__codex_auth_plain[$name]}"
    elif [[ $now != "${(P)old-}" ]]; then
      __codex_auth_put $name "${(P)old:--}"
    fi
    builtin unset $old $set
  done
  typeset -gA __codex_auth_plain=()
  builtin unset _CODEX_AUTH_APPLIED CODEX_AUTH_SOURCE $__codex_auth_told
}

# Takes a name and "-" or "+value".
__codex_auth_put() {
  if [[ $2 == - ]]; then
    builtin unset $1
  else
    typeset -gx "$1=${2#+}"
  fi
}

# The rare process: takes over what Codex or another tool has written.
__codex_auth_sync() {
  CODEX_AUTH_BASE=$__codex_auth_base builtin command "${__codex_auth_program[@]}" sync --quiet </dev/null >/dev/null || return 0
}

# The program, which cannot change its parent: `use` answers with a home id, or with - for none.
codex-auth() {
  local answer=
  local -i failed=0
  local -x CODEX_AUTH_BASE=$__codex_auth_base CODEX_AUTH_SNIPPET=zsh
  if [[ ${1-} == use ]]; then
    answer=$(builtin command "${__codex_auth_program[@]}" "$@") || failed=$?
    if (( ! failed )) && __codex_auth_is_id "$answer"; then
      typeset -gx CODEX_AUTH_USE=$answer
    elif (( ! failed )) && [[ $answer == - ]]; then
      builtin unset CODEX_AUTH_USE
    elif [[ -n $answer ]]; then
      builtin print -r -- "$answer"
    fi
  else
    builtin command "${__codex_auth_program[@]}" "$@" || failed=$?
  fi
  __codex_auth_hook
  return failed
}

() {
  local __codex_auth_quiet=
  typeset -gA __codex_auth_plain
  typeset -ga precmd_functions chpwd_functions
  precmd_functions=("${(@)precmd_functions:#__codex_auth_hook}")
  chpwd_functions=("${(@)chpwd_functions:#__codex_auth_hook}")
  if (( __codex_auth_hook )); then
    precmd_functions+=(__codex_auth_hook)
    chpwd_functions+=(__codex_auth_hook)
    # The instant prompt of powerlevel10k wants silent rc files: sync and messages can wait for the first prompt.
    if [[ -o interactive ]]; then __codex_auth_quiet=1; fi
  fi
  __codex_auth_hook
  # Where no prompt follows, this was the first run.
  if [[ -z $__codex_auth_quiet ]]; then __codex_auth_fresh=; fi
}
'
