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
\builtin shopt -uo posix
\builtin shopt -uo allexport
\builtin shopt -u expand_aliases

__codex_auth_program=(codex-auth)  # init: program
__codex_auth_base=~/.codex         # init: base
__codex_auth_prompt=1              # init: prompt
__codex_auth_hook=1                # init: hook

# init: body
__codex_auth_version=$((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1]))
__codex_auth_ours=$__codex_auth_base/codex-auth
__codex_auth_login=$__codex_auth_base/auth.json
__codex_auth_registry=$__codex_auth_base/accounts/registry.json
__codex_auth_registry_witness=$__codex_auth_ours/live/registry.json
# What stands there decides on marks in env files; the mark has the time of what they were made of.
__codex_auth_config=$__codex_auth_base/config.toml
__codex_auth_config_mark=$__codex_auth_ours/live/config
# Beside one of these Codex would bill another account or organization than the prompt shows.
__codex_auth_strays=(
  CODEX_API_KEY CODEX_ACCESS_TOKEN CODEX_AUTHAPI_BASE_URL OPENAI_FEDERATION_RULE_ID OPENAI_IDENTITY_TOKEN_FILE
  OPENAI_ORGANIZATION OPENAI_PROJECT
)
# The variables of the user that an account takes over and gives back, and those that tell of the account.
__codex_auth_managed=(CODEX_HOME CODEX_SQLITE_HOME OPENAI_API_KEY "${__codex_auth_strays[@]}")
__codex_auth_told=(CODEX_AUTH_ACCOUNT CODEX_AUTH_EMAIL CODEX_AUTH_PLAN CODEX_AUTH_LABEL)
# What the env file of an account home begins with as a rule.
__codex_auth_unset=
builtin printf -v __codex_auth_unset -- '-%s\n' "${__codex_auth_strays[@]}"
# What an env file may name: the last is no variable, but the witness of the login that the file tells of.
__codex_auth_names=("${__codex_auth_managed[@]}" "${__codex_auth_told[@]}" CODEX_AUTH_CREDENTIAL)

__codex_auth_fresh=1     # until the first prompt: apply again, whatever an rc file has exported meanwhile
__codex_auth_quiet=      # while the rc files run
__codex_auth_token=      # what the last run saw: this, the directory and the override
__codex_auth_place=
__codex_auth_use=
__codex_auth_around=     # the variables of then, in lines
__codex_auth_newest=     # a file of the program's that is there while the token that was read last is the newest
__codex_auth_now=        # the same; without it the next run looks closely
__codex_auth_status=0    # what the hook returns
__codex_auth_announce=   # changes of account are to be told
__codex_auth_applied=    # what is in force: home id, source, token
__codex_auth_stale=      # which logins are not those that the program has seen
__codex_auth_tried=      # the state that sync was last run for
__codex_auth_closed=     # the login of the account home in force is another one, and sync has left it so
__codex_auth_known=      # codex-auth/ has been there: when it goes, somebody has ejected it
__codex_auth_label=      # the label without a mark
__codex_auth_witness=    # a link to the file that auth.json led to when the program looked; nothing where nobody was logged in
__codex_auth_home=       # the account home in force, its login and the witness of that
__codex_auth_home_login=
__codex_auth_home_witness=
__codex_auth_expected=$__codex_auth_base # what CODEX_HOME should be, or stand for
__codex_auth_saved=()    # the variables of the user that are taken over
__codex_auth_reasons=    # what has been said already, each in a line
__codex_auth_unwrapped=  # the first prompt is to take over the commands that change the directory
__codex_auth_theirs=${__codex_auth_theirs- } # the commands that change the directory and were functions before: those go on inside ours
__codex_auth_bypassed=   # the directory has changed without these commands, and they were seen to be ours all the same
# The label's place in PS1, which may be of an earlier init, or of an outer shell that exports PS1; what PS1 has to hold (nothing
# without a label); the label that is shown, and as text.
# shellcheck disable=SC2016 # bash expands it when it shows the prompt
__codex_auth_segment=${__codex_auth_segment-'\[\e[2m\]${__codex_auth_text-}\[\e[22m\]'}
__codex_auth_held=
__codex_auth_text=

# `builtin` keeps out functions that are named like commands, and `\builtin` aliases too: an old bash parses a substitution when it
# runs it. Everything is quoted, and set -e and set -u may be on. Nothing here is newer than bash 3.2, unless guarded.

# Runs before each prompt, and where the directory changes. Prints nothing to stdout and starts no process, except by sync. Keeps $?.
# Here stands only what finds out that nothing has changed: bash copies a function whenever it calls it, a local variable costs 2 µs, and
# `${x-}` four times as much as `$x`. The first line is about options: under set -x a secret would show, under set -a ours would be
# exported, set -e might end the shell, set -u would mind `$x`, and with nocasematch A is a. No line feed was in what was kept of the
# variables: so each of them is what it was.
__codex_auth_hook() {
  __codex_auth_status=$?
  if [[ $-A != *[aexu]* &&
    -O $__codex_auth_now && $PWD == "$__codex_auth_place" &&
    $CODEX_AUTH_USE$'\n'$CODEX_HOME$'\n'$HOME$'\n'$CODEX_AUTH_LABEL == "$__codex_auth_around" &&
    -z $CODEX_API_KEY$CODEX_ACCESS_TOKEN$CODEX_AUTHAPI_BASE_URL$OPENAI_FEDERATION_RULE_ID &&
    -z $OPENAI_IDENTITY_TOKEN_FILE$OPENAI_ORGANIZATION$OPENAI_PROJECT &&
    ($__codex_auth_login -ef $__codex_auth_witness && ! $__codex_auth_login -nt $__codex_auth_witness.to &&
    ! $__codex_auth_login -ot $__codex_auth_witness.from || -z $__codex_auth_witness && ! -e $__codex_auth_login) &&
    $__codex_auth_registry -ef $__codex_auth_registry_witness &&
    ! $__codex_auth_registry -nt $__codex_auth_registry_witness.to &&
    ! $__codex_auth_config -nt $__codex_auth_config_mark && (-z $__codex_auth_home ||
    $__codex_auth_home_login -ef $__codex_auth_home_witness &&
    ! $__codex_auth_home_login -nt $__codex_auth_home_witness.to &&
    ! $__codex_auth_home_login -ot $__codex_auth_home_witness.from) &&
    $PS1 == *"$__codex_auth_held"* ]] && builtin shopt -q promptvars; then
    return "$__codex_auth_status"
  elif [[ $-A != *[aexu]* ]]; then
    __codex_auth_run "$__codex_auth_status" || return # and no trap for failures sees it
  else
    __codex_auth_run_plainly
  fi
}

# The hook where an option of the user's is in the way.
__codex_auth_run_plainly() {
  if [[ $- == *a* ]]; then builtin export -n __codex_auth_status; fi
  local status=$__codex_auth_status
  __codex_auth_plainly __codex_auth_hook
  if [[ $- == *e* ]]; then return 0; fi # `! true` must not end a shell that has set -e
  return "$status"
}

# Looks at everything: the account of the directory, the logins, the label, the prompt. Takes what to return. What follows is written
# for few calls (4 µs each), commands (3) and local variables (1); with each function that has some bash has one more table to look
# in for every other variable: so those of the parts below that always run are here.
__codex_auth_run() {
  local token='' id='' source='' why='' seen='' now='' dir='' at='' linked='' pins='' worktrees='' REPLY='' IFS=$'\n'
  local text='' lines='' line='' name='' home='' label='' key='' witness='' wants='' told=''
  local was='' applied='' reason='' old='' set='' plain='' want='' touched='' saved='' gone=''
  __codex_auth_now= # should Ctrl-C come meanwhile, the next prompt does it all again
  __codex_auth_look

  # All at once first: it is rare that something is not as the program has seen it.
  if [[ $token == own:* && -z $__codex_auth_closed && $__codex_auth_login -ef $__codex_auth_witness &&
    ! $__codex_auth_login -nt $__codex_auth_witness.to && ! $__codex_auth_login -ot $__codex_auth_witness.from &&
    $__codex_auth_registry -ef $__codex_auth_registry_witness &&
    ! $__codex_auth_registry -nt $__codex_auth_registry_witness.to &&
    ! $__codex_auth_config -nt $__codex_auth_config_mark && (-z $__codex_auth_home ||
    $__codex_auth_home_login -ef $__codex_auth_home_witness &&
    ! $__codex_auth_home_login -nt $__codex_auth_home_witness.to &&
    ! $__codex_auth_home_login -ot $__codex_auth_home_witness.from) ]]; then
    __codex_auth_stale='' __codex_auth_tried=''
  else
    __codex_auth_look_at_logins
  fi
  if [[ -z $__codex_auth_quiet && -n $__codex_auth_fresh$__codex_auth_unwrapped ]]; then
    if [[ -n $__codex_auth_unwrapped ]]; then __codex_auth_wrap; fi
    __codex_auth_fresh='' __codex_auth_unwrapped=''
  fi

  # Does Codex use what the label says? Looked at closely only where the answer is not a plain yes.
  if [[ ${CODEX_HOME:-${HOME-}/.codex} != "$__codex_auth_expected" || ${CODEX_AUTH_LABEL-} != "$__codex_auth_label" ||
    -n ${CODEX_API_KEY-}${CODEX_ACCESS_TOKEN-}${CODEX_AUTHAPI_BASE_URL-}${OPENAI_FEDERATION_RULE_ID-} ||
    -n ${OPENAI_IDENTITY_TOKEN_FILE-}${OPENAI_ORGANIZATION-}${OPENAI_PROJECT-} || -n $__codex_auth_stale ]]; then
    __codex_auth_mark
  elif [[ -z $__codex_auth_fresh && ${CODEX_HOME-}${HOME-}${CODEX_AUTH_USE-} != *$'\n'* ]]; then
    now=$__codex_auth_newest
    __codex_auth_around=${CODEX_AUTH_USE-}$'\n'${CODEX_HOME-}$'\n'${HOME-}$'\n'${CODEX_AUTH_LABEL-}
  fi
  if [[ ${PS1-} != *"$__codex_auth_held"* ]]; then __codex_auth_stay_last; fi
  __codex_auth_now=$now
  __codex_auth_put_label
  return "$1"
}

# Looks which login is not the one that the program has seen, runs sync where that is so, and closes or opens the account home in force.
__codex_auth_look_at_logins() {
  local closed=''
  __codex_auth_judge
  if [[ -z $__codex_auth_stale ]]; then
    __codex_auth_tried=
  elif [[ -z $__codex_auth_quiet ]]; then
    __codex_auth_reconcile
  fi
  # While another login lies in its home a pin or use fails closed; with that over it is itself again.
  if [[ $__codex_auth_stale == *" home"* ]]; then closed=1; fi
  if [[ $closed != "$__codex_auth_closed" ]]; then
    __codex_auth_closed=$closed __codex_auth_token=
    __codex_auth_look
  fi
}

# Finds out whether anything changed since the last run: the token, the override, the directory.
__codex_auth_look() {
  if [[ -O $__codex_auth_newest ]]; then
    token=own:${__codex_auth_newest##*/}
  else
    __codex_auth_read_token
  fi
  if [[ $token != "$__codex_auth_token" || ${CODEX_AUTH_USE-} != "$__codex_auth_use" || $PWD != "$__codex_auth_place" ||
    -n $__codex_auth_fresh ]]; then
    __codex_auth_follow
  fi
}

# Reads the token, and whether changes are to be told.
__codex_auth_read_token() {
  __codex_auth_newest='' __codex_auth_announce=''
  # su and sudo keep HOME: what another user owns is not believed.
  if [[ -O $__codex_auth_ours ]]; then
    token=
    if [[ -f $__codex_auth_ours/generation && -r $__codex_auth_ours/generation ]]; then
      { builtin read -r token && builtin read -r __codex_auth_announce; } <"$__codex_auth_ours/generation" || :
    fi
    if [[ -n $token && $token != *[!0123456789abcdef]* ]]; then __codex_auth_newest=$__codex_auth_ours/now/$token; fi
    token=own:$token __codex_auth_known=1
  elif [[ -e $__codex_auth_ours ]]; then
    token=foreign
  else
    token=none
  fi
}

# Finds the account of this directory, and puts it in force.
__codex_auth_follow() {
  seen=$__codex_auth_token __codex_auth_token= # should Ctrl-C come now
  __codex_auth_resolve
  if [[ $__codex_auth_applied != "$id $source "* ]]; then __codex_auth_closed=; fi
  if [[ "$id $source $token $__codex_auth_closed" != "$__codex_auth_applied" || -n $__codex_auth_fresh ]]; then
    __codex_auth_apply
  fi
  if [[ $token != "$seen" || -n $__codex_auth_fresh ]]; then __codex_auth_read_witness; fi
  if [[ $PWD != "$__codex_auth_place" && $__codex_auth_hook$__codex_auth_bypassed${__codex_auth_moving-}$__codex_auth_fresh == 1 ]]; then
    # It has changed without a command of ours: by `builtin cd`, or somebody has defined the command anew. That costs a fork to find
    # out, and is asked again only when it was so.
    __codex_auth_wrap
  fi
  __codex_auth_token=$token __codex_auth_use=${CODEX_AUTH_USE-} __codex_auth_place=$PWD
}

# Sets stale to what is not as the program has seen it: a name for each, between blanks.
__codex_auth_judge() {
  __codex_auth_stale=
  if [[ $token == none && -z $__codex_auth_known && -e $__codex_auth_login ]]; then __codex_auth_stale=" new "; fi
  if [[ $token != own:* ]]; then return 0; fi
  if ! __codex_auth_is_seen "$__codex_auth_login" "$__codex_auth_witness"; then __codex_auth_stale+=" base "; fi
  if [[ ! $__codex_auth_registry -ef $__codex_auth_registry_witness ||
    $__codex_auth_registry -nt $__codex_auth_registry_witness.to ]] &&
    [[ -e $__codex_auth_registry || -e $__codex_auth_registry_witness ]]; then
    __codex_auth_stale+=" registry "
  fi
  if [[ $__codex_auth_config -nt $__codex_auth_config_mark ]]; then __codex_auth_stale+=" config "; fi
  if [[ -n $__codex_auth_home ]] && ! __codex_auth_is_seen "$__codex_auth_home_login" "$__codex_auth_home_witness"; then
    __codex_auth_stale+=" home $__codex_auth_home "
  fi
}

# Takes an auth.json and its witness; returns whether it is the file that the program has seen, as it was then. Who replaces a file,
# with whatever time, leaves the witness behind; who writes in place leaves the time that lies between those of .from and .to.
__codex_auth_is_seen() {
  [[ $1 -ef $2 && ! $1 -nt $2.to && ! $1 -ot $2.from || -z $2 && ! -e $1 ]]
}

# Reads what the login of the base home is judged by, while an account is in force too.
__codex_auth_read_witness() {
  local file=$__codex_auth_ours/env/@default
  __codex_auth_witness=
  if [[ $token != own:* || ! -f $file || ! -r $file ]]; then return 0; fi
  builtin read -r -d '' <"$file" || :
  if [[ $'\n'$REPLY == *$'\n'CODEX_AUTH_CREDENTIAL=* ]]; then
    text=${REPLY#*CODEX_AUTH_CREDENTIAL=}
    __codex_auth_witness=${text%%$'\n'*}
  fi
}

# Runs sync, once for one state, and looks again.
__codex_auth_reconcile() {
  local state=$token$__codex_auth_stale
  if [[ $state == "$__codex_auth_tried" || ! -O $__codex_auth_base ]]; then return 0; fi
  __codex_auth_sync
  __codex_auth_token='' __codex_auth_newest='' # an env file may be new
  __codex_auth_look
  __codex_auth_judge
  __codex_auth_tried=${__codex_auth_stale:+$token$__codex_auth_stale}
}

# Exports the label, with a mark where Codex would use something else than it says.
__codex_auth_mark() {
  local mark='' name=''
  if [[ -z $__codex_auth_label$__codex_auth_stale ]]; then
    builtin unset -v CODEX_AUTH_LABEL
    return 0
  fi
  case ${_CODEX_AUTH_APPLIED-} in
    *.missing) ;;
    '' | @default)
      name=${CODEX_HOME:-${HOME-}/.codex}
      if [[ -n $__codex_auth_stale || $name != "$__codex_auth_base" && ! $name -ef $__codex_auth_base ]]; then mark=" !"; fi
      ;;
    *) if [[ ${CODEX_HOME-} != "$__codex_auth_home" ]]; then mark=" !"; fi ;;
  esac
  if [[ ${_CODEX_AUTH_APPLIED-} != *.missing ]]; then
    for name in "${__codex_auth_strays[@]}"; do
      if [[ -n ${!name-} ]] && { ((__codex_auth_version < 404)) || __codex_auth_has x "$name"; }; then mark=" !"; fi
    done
  fi
  mark=$__codex_auth_label$mark
  builtin export CODEX_AUTH_LABEL="${mark# }" # somebody, where the label is empty
}

# Calls a function without the options of the user that would matter: under set -x a secret would show, under set -a it would be
# exported; and the names of directories have cases.
__codex_auth_plainly() {
  if [[ $- == *x* && $- != *r* ]]; then
    { local flags=$- nocase=; set +aexu; } 2>/dev/null
  else
    local flags=$- nocase=
    set +aexu
  fi
  if builtin shopt -q nocasematch; then nocase=1; fi
  builtin shopt -u nocasematch
  "$@"
  if [[ -n $nocase ]]; then builtin shopt -s nocasematch; fi
  if [[ $flags == *a* ]]; then set -a; fi
  if [[ $flags == *u* ]]; then set -u; fi
  if [[ $flags == *e* ]]; then set -e; fi
  case $flags in
    *r*x* | *x*r*) set -x ;; # a restricted shell redirects nothing
    *x*) { set -x; return 0; } 2>/dev/null ;;
  esac
}

# Finds the account of this directory: sets id (a home id, @default, or nothing), source and, where it fails closed, why.
__codex_auth_resolve() {
  id='' source=default why='' worktrees=()

  if [[ -n ${CODEX_AUTH_USE-} ]]; then
    source=use id=$CODEX_AUTH_USE
    if ! __codex_auth_is_id "$id"; then
      id=0000000000000000 why="CODEX_AUTH_USE is not a home id"
    fi
    return 0
  fi
  if [[ $token != own:* ]]; then
    if [[ $token == foreign ]]; then why="$__codex_auth_ours belongs to another user and is ignored"; fi
    return 0
  fi
  if [[ ! -x $__codex_auth_ours ]]; then
    source=pin id=0000000000000000 why="$__codex_auth_ours cannot be read"
    return 0
  fi

  # In a deleted directory PWD may be ".": there is nothing to walk.
  if [[ $PWD == /* ]]; then
    if __codex_auth_find_pin "$PWD"; then return 0; fi
    if [[ -n $linked ]]; then
      __codex_auth_resolve_links "$PWD"
      if __codex_auth_find_pin "$dir" physical; then return 0; fi
    fi
    if [[ -n ${worktrees[0]-} ]] && __codex_auth_find_repository; then return 0; fi
  fi
  id=@default
}

# A linked worktree of git counts as its repository, but only where the repository names it too: else any .git file of a stranger could
# pick an account.
__codex_auth_find_repository() {
  local gitdir='' back=''
  for dir in "${worktrees[@]}"; do
    gitdir='' back=''
    IFS= builtin read -r -n 8192 gitdir <"$dir/.git" || :
    if [[ $gitdir != "gitdir: "?* ]]; then continue; fi
    gitdir=${gitdir#gitdir: }
    if [[ $gitdir != /* ]]; then gitdir=$dir/$gitdir; fi
    if [[ $gitdir != */worktrees/?* || ! -f $gitdir/gitdir || ! -r $gitdir/gitdir ]]; then continue; fi
    IFS= builtin read -r back <"$gitdir/gitdir" || :
    if [[ $back != /* ]]; then back=$gitdir/$back; fi
    if [[ $back != */.git || ! ${back%/.git} -ef $dir ]]; then continue; fi
    __codex_auth_resolve_links "$gitdir"
    case ${dir##*/worktrees/} in */*) continue ;; esac
    dir=${dir%/worktrees/*}
    __codex_auth_find_pin "${dir%/.git}" physical
    return
  done
  return 1
}

# Takes a directory; sets dir to its physical path, if it is there. The only fork of the hook, where the way to a directory leads
# through a link. The x keeps a line feed at the end of a name.
__codex_auth_resolve_links() {
  local answer=''
  dir=$1
  if [[ $- != *r* ]]; then
    answer=$(\builtin cd -P -- "$1" 2>/dev/null && \builtin printf '%sx' "$PWD") || :
  elif [[ $1 == "$PWD" ]]; then
    answer=$(\builtin pwd -P && \builtin printf x) answer=${answer%$'\nx'}x # where cd is forbidden
  fi
  case $answer in
    //*) dir=${answer#/} dir=${dir%x} ;;
    /*) dir=${answer%x} ;;
  esac
}

# Takes a directory, and whether it is known to be physical; sets id and source when it or a parent is pinned, else returns 1. So it does,
# and sets linked, where the way to it leads through a link or steps up. Notes where a .git file lies.
__codex_auth_find_pin() {
  at=${1%/} pins=$__codex_auth_ours/pins worktrees=() linked=''
  case $at/ in */./* | */../* | *//*) linked=1 ;; esac
  while :; do
    # At most directories nothing lies.
    while [[ -n $at && ! -L $at && ! -f $at/.git && (! -e $pins$at && ! -L $pins$at ||
      -d $pins$at && -x $pins$at && ! -e $pins$at/%account && ! -L $pins$at/%account) ]]; do
      at=${at%/*}
    done
    if [[ -n $at && -L $at ]]; then linked=1; fi
    if [[ -n $linked && -z ${2-} ]]; then return 1; fi
    if [[ -e $pins$at || -L $pins$at ]] && __codex_auth_read_pin "$pins$at"; then
      if [[ -n ${2-} ]]; then return 0; fi
      # Of what is above it only whether it is a link matters: three at a time.
      while [[ -n $at ]]; do
        text=${at%/*} line=${text%/*}
        if [[ -L $at || -L $text || -L $line ]]; then
          linked=1
          return 1
        fi
        at=${line%/*}
      done
      return 0
    fi
    if [[ -f $at/.git && ! -L $at/.git && -r $at/.git ]]; then worktrees+=("$at"); fi
    if [[ -z $at ]]; then return 1; fi
    at=${at%/*}
  done
}

# Takes what lies in pins/ for a directory; sets id and source when the directory is pinned, else returns 1.
__codex_auth_read_pin() {
  # Whatever is no directory: what is below it cannot be known.
  if [[ ! -d $1 || ! -x $1 ]]; then
    source=pin id=0000000000000000 why="$1 cannot be read"
  elif [[ -f $1/%account && -r $1/%account ]]; then
    source=pin
    if builtin read -r -d '' <"$1/%account"; then REPLY=; fi # to the end; a NUL is in no pin
    id=${REPLY%$'\n'}
    if [[ ${#id} -ne 16 || $id == *[!0123456789abcdef]* ]]; then
      id=0000000000000000 why="$1/%account does not hold a home id"
    fi
  elif [[ -e $1/%account || -L $1/%account ]]; then
    source=pin id=0000000000000000 why="$1/%account cannot be read"
  else
    return 1
  fi
}

# Takes a text; returns whether it is a home id. (A range like a-f would depend on the locale.)
__codex_auth_is_id() {
  [[ ${#1} -eq 16 && $1 != *[!0123456789abcdef]* ]]
}

# Takes the letter of an attribute and the name of a variable. Before bash 4.4 only a fork can tell.
__codex_auth_has() {
  if [[ -z ${!2+x} ]]; then return 1; fi
  if ((__codex_auth_version >= 404)); then
    [[ ${!2@a} == *"$1"* ]]
  else
    local attributes=''
    attributes=$(\builtin declare -p "$2") attributes=${attributes#declare -} attributes=${attributes%% *}
    [[ $attributes == *"$1"* ]]
  fi
}

# Takes the name of an env file; sets wants to its lines that are for variables of the user, told to those that tell of the account, each
# maybe with its line feed, and home, label, key and witness. Returns 1 when there is none, or nothing in it; 2, and sets why, when it is
# not whole. The file is data: never sourced.
__codex_auth_read() {
  local file=$__codex_auth_ours/env/$1 last=0 nl=$'\n'
  wants=() told=() home='' label='' key='' witness=''
  if [[ ! -f $file || ! -r $file || ! -s $file ]]; then
    if [[ ! -e $file || -f $file && -r $file ]]; then return 1; fi
    why="$file cannot be read"
    return 2
  fi
  why="$file is damaged"
  if ((__codex_auth_version >= 400)); then
    builtin mapfile lines <"$file"
  else
    __codex_auth_read_lines "$file"
  fi
  # As a rule these are the lines, in this order, with a value each. (Line by line it takes twice the time, patterns over all of them too.)
  # Without its line feed a line was cut off, at the end of the file or at a NUL.
  last=$((${#lines[@]} - 1))
  if [[ ! ($last -ge 4 && ${lines[last]} == CODEX_AUTH_LABEL=?*$nl && ${lines[last - 1]} == CODEX_AUTH_CREDENTIAL=?*$nl &&
    ${lines[last - 2]} == CODEX_AUTH_PLAN=?*$nl && ${lines[last - 3]} == CODEX_AUTH_EMAIL=?*$nl &&
    ${lines[last - 4]} == CODEX_AUTH_ACCOUNT=?*$nl && ($1 == @default && $last == 4 || $1 != @default && ($last == 13 ||
    $last == 14 && ${lines[9]} == OPENAI_API_KEY=?*$nl) && ${lines[8]} == CODEX_SQLITE_HOME=?*$nl && ${lines[7]} == CODEX_HOME=?*$nl &&
    ${lines[0]}${lines[1]}${lines[2]}${lines[3]}${lines[4]}${lines[5]}${lines[6]} == "$__codex_auth_unset")) ]]; then
    __codex_auth_read_each "$1"
    return
  fi
  # one by one: with this IFS 3.2 joins what it takes of several
  told=("${lines[last - 4]%"$nl"}" "${lines[last - 3]%"$nl"}" "${lines[last - 2]%"$nl"}" "${lines[last]%"$nl"}")
  witness=${lines[last - 1]#*=} witness=${witness%"$nl"} label=${lines[last]#*=} label=${label%"$nl"} why=''
  if [[ $last == 4 ]]; then return 0; fi
  home=${lines[7]#*=} home=${home%"$nl"} wants=("${lines[7]%"$nl"}" "${lines[8]%"$nl"}")
  if [[ $last == 14 ]]; then key=${lines[9]#*=} key=${key%"$nl"} wants+=("OPENAI_API_KEY=$key"); fi
  if [[ -n ${CODEX_API_KEY+x}${CODEX_ACCESS_TOKEN+x}${CODEX_AUTHAPI_BASE_URL+x}${OPENAI_FEDERATION_RULE_ID+x} ||
    -n ${OPENAI_IDENTITY_TOKEN_FILE+x}${OPENAI_ORGANIZATION+x}${OPENAI_PROJECT+x} ]]; then
    for name in "${__codex_auth_strays[@]}"; do wants+=("-$name"); done
  fi
}

# Takes the name of an env file of which lines has the lines, and does the same line by line.
__codex_auth_read_each() {
  local account='' other=''
  for line in ${lines[@]+"${lines[@]}"}; do
    if [[ $line != *?$'\n' ]]; then return 2; fi
    line=${line%$'\n'} name=${line%%=*} name=${name#-}
    if [[ $'\n'"${__codex_auth_names[*]}"$'\n' != *$'\n'"$name"$'\n'* || ($line != "$name="* && $line != "-$name") ]]; then
      return 2
    fi
    case $line in
      CODEX_AUTH_CREDENTIAL=*) witness=${line#*=} ;;
      CODEX_AUTH_ACCOUNT=?*) account=1 told+=("$line") ;;
      CODEX_AUTH_LABEL=?*) label=${line#*=} told+=("$line") ;;
      CODEX_AUTH_*=?*) told+=("$line") ;;
      CODEX_AUTH_*= | -CODEX_AUTH_*) ;; # nothing to tell
      CODEX_HOME=*) home=${line#*=} wants+=("$line") ;;
      CODEX_SQLITE_HOME=*) other=1 wants+=("$line") ;;
      OPENAI_API_KEY=*) key=${line#*=} wants+=("$line") ;;
      *) wants+=("$line") ;;
    esac
  done
  if [[ $line != CODEX_AUTH_LABEL=* ]]; then return 2; fi
  if [[ $1 == @default ]]; then
    if [[ -n $home$other ]]; then return 2; fi
  elif [[ -z $home || -z $account ]]; then
    return 2
  fi
  why=
}

# Takes a file; sets lines to those of it, each with its line feed, as mapfile does, which bash 3.2 has not got. At once: read costs 20 µs a
# call. Blank lines are lost: then the file is not whole, and lines has nothing.
__codex_auth_read_lines() {
  local flags=$-
  lines=()
  if builtin read -r -d '' <"$1" || [[ $REPLY != *$'\n' || $'\n'$REPLY == *$'\n\n'* ]]; then return 0; fi
  set -f
  # shellcheck disable=SC2206 # this is the splitting
  lines=($REPLY)
  if [[ $flags != *f* ]]; then set +f; fi
  # A substitution in all of them at once joins them in 3.2, which is the one that comes here
  for ((at = 0; at < ${#lines[@]}; at++)); do lines[at]+=$'\n'; done
}

# Leaves what is in force and puts id in force.
__codex_auth_apply() {
  was=${_CODEX_AUTH_APPLIED-} applied='' home='' label='' reason=$why touched=' ' saved=' '
  __codex_auth_restore

  __codex_auth_applied='' __codex_auth_label='' __codex_auth_home='' why=''
  if [[ -n $id && $token == own:* && -z $reason ]]; then
    if __codex_auth_read "$id"; then
      applied=$id __codex_auth_home=$home __codex_auth_home_login=$home/auth.json __codex_auth_home_witness=$witness
      if [[ -n $__codex_auth_closed ]]; then
        applied='' reason="$home/auth.json is not the login that codex-auth knows, try: codex-auth sync"
      fi
    else
      reason=$why
    fi
  fi
  # A pin or use fails closed: a home that never exists keeps Codex from starting as somebody else.
  if [[ -z $applied && $source != default ]]; then
    applied=$id.missing home=$__codex_auth_ours/homes/$id.missing label="missing account"
    wants=("CODEX_HOME=$home") told=("CODEX_AUTH_LABEL=$label")
    for name in "${__codex_auth_strays[@]}"; do wants+=("-$name"); done
  fi

  if [[ -n $applied ]]; then
    # shellcheck disable=SC2034 # the source is for programs
    builtin export _CODEX_AUTH_APPLIED="$applied" CODEX_AUTH_SOURCE="$source" "${told[@]}"
    # While the account stays the same, what the user has changed is his.
    if [[ -n $__codex_auth_fresh || $applied != "$was" ]]; then touched='' saved=''; fi
    for line in ${wants[@]+"${wants[@]}"}; do
      name=${line%%=*}
      if [[ $line == -* || -n ${!name+x} || -n $touched || __codex_auth_version -lt 404 ]]; then
        __codex_auth_take
        continue
      fi
      __codex_auth_saved+=("$name")
      case $name in
        OPENAI_API_KEY) # a secret is not exported a second time
          _CODEX_AUTH_OLD_OPENAI_API_KEY=- _CODEX_AUTH_SET_OPENAI_API_KEY=+$key
          builtin export "${line?}"
          ;;
        *) builtin export "_CODEX_AUTH_OLD_$name=-" "_CODEX_AUTH_SET_$name=+${line#*=}" "${line?}" ;;
      esac
    done
    __codex_auth_label=$label
    __codex_auth_expected=${home:-$__codex_auth_base}
  fi
  __codex_auth_applied="$id $source $token $__codex_auth_closed"
  if [[ -n $reason$__codex_auth_announce ]]; then __codex_auth_tell; fi
}

# Takes over a variable that the account wants, which is in line: keeps what the user has in it, and sets it where he has not changed it.
__codex_auth_take() {
  case $line in
    -*) name=${line#-} want=- ;;
    *) name=${line%%=*} want=+${line#*=} ;;
  esac
  old=-
  if [[ -n ${!name+x} ]]; then
    old=+${!name}
    if [[ $want == - && -n $saved && $saved != *" $name "* ]]; then return 0; fi
    if [[ $applied == @default && $old == +?* ]]; then
      want=$old # His own key stays; that it is his is kept, should the account have the same.
    elif ! __codex_auth_has x "$name"; then
      # What is only a variable of this shell comes back as one: it was not in the environment.
      if __codex_auth_has r "$name"; then return 0; fi
      builtin printf -v "__codex_auth_plain_$name" %s "${!name}"
      builtin unset -v "$name"
      old=-
    fi
  elif [[ $want == - ]]; then
    return 0
  fi
  __codex_auth_saved+=("$name")
  builtin printf -v "_CODEX_AUTH_OLD_$name" %s "$old"
  builtin printf -v "_CODEX_AUTH_SET_$name" %s "$want"
  if [[ $old == "$want" ]]; then return 0; fi
  case $name in
    OPENAI_API_KEY | CODEX_API_KEY | CODEX_ACCESS_TOKEN) ;; # secrets are not exported a second time
    *) builtin export "_CODEX_AUTH_OLD_$name" "_CODEX_AUTH_SET_$name" ;;
  esac
  if [[ $touched != *" $name "* ]]; then __codex_auth_put "$name" "$want"; fi
}

# Says on stderr why the account is not in force, once, and which one is from now on, where that is to be told.
__codex_auth_tell() {
  # In a subshell, as of `$(cd work && ls)`, nobody stays.
  if [[ -n $__codex_auth_quiet || $BASH_SUBSHELL != 0 ]]; then return 0; fi
  if [[ -n $reason && $'\n'$__codex_auth_reasons != *$'\n'"$reason"$'\n'* ]]; then
    __codex_auth_reasons+=$reason$'\n'
    builtin printf 'codex-auth: %s\n' "${reason//[[:cntrl:]]/?}" >&2
  fi
  if [[ $__codex_auth_announce == announce && -z $__codex_auth_fresh && $applied != "$was" && -t 2 ]]; then
    text=${__codex_auth_label//[[:cntrl:]]/}
    text=${text:+now $text}
    builtin printf 'codex-auth: %s\n' "${text:-no account}" >&2
  fi
}

# Gives back what the user had, and notes the names in saved; except where he has changed it meanwhile: those go to touched.
__codex_auth_restore() {
  gone=()
  # Before the rest: should Ctrl-C come meanwhile, the account is another one than that of before, and all is set.
  builtin unset -v _CODEX_AUTH_APPLIED CODEX_AUTH_SOURCE "${__codex_auth_told[@]}"
  if [[ -n $__codex_auth_fresh ]]; then
    __codex_auth_adopt
    __codex_auth_saved=("${__codex_auth_managed[@]}") # what was saved may be an outer shell's
  fi
  for name in ${__codex_auth_saved[@]+"${__codex_auth_saved[@]}"}; do
    old=_CODEX_AUTH_OLD_$name set=_CODEX_AUTH_SET_$name plain=__codex_auth_plain_$name
    if [[ -z ${!set-} ]]; then continue; fi
    saved+="$name " gone+=("$old" "$set" "$plain")
    # Most of the time it is as it was set, and was not there before.
    if ((__codex_auth_version >= 404)) &&
      [[ -n ${!name+x} && ${!set} == "+${!name}" && ${!old-} == - && -z ${!plain+x} && ${!name@a} != *r* ]]; then
      gone+=("$name")
      continue
    fi
    want=-
    if [[ -n ${!name+x} ]]; then want=+${!name}; fi
    if [[ $want != "${!set}" ]]; then
      touched+="$name "
    elif [[ -n ${!plain+x} ]]; then
      builtin unset -v "$name"
      builtin printf -v "$name" %s "${!plain}"
    elif [[ $want != "${!old--}" ]]; then
      __codex_auth_put "$name" "${!old--}"
    fi
  done
  __codex_auth_saved=()
  if [[ -n ${gone[0]-} ]]; then builtin unset -v "${gone[@]}"; fi
}

# A secret is not saved in the environment: in a new shell the key that the account sets is known by its value.
__codex_auth_adopt() {
  if [[ $token != own:* || -z ${OPENAI_API_KEY-} || -n ${_CODEX_AUTH_SET_OPENAI_API_KEY-} ]]; then return 0; fi
  if [[ $was == @default ]] || __codex_auth_is_id "$was"; then
    if __codex_auth_read "$was" && [[ $key == "$OPENAI_API_KEY" ]]; then
      _CODEX_AUTH_OLD_OPENAI_API_KEY=-
      _CODEX_AUTH_SET_OPENAI_API_KEY=+$OPENAI_API_KEY
    fi
  fi
}

# Takes a name and "-" or "+value". What is readonly stays: the mark behind the label tells.
__codex_auth_put() {
  if ((__codex_auth_version < 404)) && [[ $- != *r* ]]; then
    # Without a fork; a restricted shell redirects nothing.
    { if [[ $2 == - ]]; then builtin unset -v "$1"; else builtin export "$1=${2#+}"; fi; } 2>/dev/null || :
  elif [[ -n ${!1+x} ]] && __codex_auth_has r "$1"; then
    :
  elif [[ $2 == - ]]; then
    builtin unset -v "$1"
  else
    builtin export "$1=${2#+}"
  fi
}

# The rare process: takes over what Codex or another tool has written.
__codex_auth_sync() {
  if [[ $- == *r* ]]; then return 0; fi # a restricted shell runs nothing by its path
  local -x CODEX_AUTH_BASE="$__codex_auth_base"
  builtin command "${__codex_auth_program[@]}" sync --quiet </dev/null >/dev/null || :
}

# The program, which cannot change its parent: `use` answers with a home id, or with - for none.
codex-auth() {
  local answer='' failed=0
  local -x CODEX_AUTH_BASE="$__codex_auth_base" CODEX_AUTH_SNIPPET=bash
  if [[ ${1-} == use ]]; then
    answer=$(\builtin command "${__codex_auth_program[@]}" "$@") || failed=$?
    if [[ $failed == 0 ]] && __codex_auth_is_id "$answer"; then
      builtin export CODEX_AUTH_USE="$answer"
      if [[ $BASH_SUBSHELL != 0 ]]; then
        builtin printf 'codex-auth: only in this subshell, as a pipe, a substitution and & have one of their own\n' >&2
      fi
    elif [[ $failed == 0 && $answer == - ]]; then
      builtin unset -v CODEX_AUTH_USE
    elif [[ -n $answer ]]; then
      builtin printf '%s\n' "$answer"
    fi
  else
    builtin command "${__codex_auth_program[@]}" "$@" || failed=$?
  fi
  local __codex_auth_now='' __codex_auth_tried=''
  builtin unset -v __codex_auth_newest # the command may have changed anything
  __codex_auth_hook || :
  return "$failed"
}

# Puts the label before the prompt. What the variable holds is shown as it is: PS1 is decoded first and expanded then, once. Without
# promptvars it is only decoded. A PS1 that is right is left alone, for there are those who wrap one that is not as they left it,
# longer each time (VS Code): so the label's place stays when the label goes.
__codex_auth_put_label() {
  local segment='' text=${CODEX_AUTH_LABEL-}
  if [[ $__codex_auth_prompt != 1 || $- != *i* ]]; then return 0; fi
  if [[ $text == *[[:cntrl:]]* ]]; then text=${text//[[:cntrl:]]/}; fi
  __codex_auth_text=${text:+$text }
  # shellcheck disable=SC2016 # bash expands it when it shows the prompt
  segment='${__codex_auth_text-}'
  if ! builtin shopt -q promptvars; then
    segment=${__codex_auth_text//\\/\\\\}
    __codex_auth_now= # the hook is to see when it is back
  fi
  if [[ -n $segment && ${TERM:-dumb} != dumb ]]; then segment='\[\e[2m\]'$segment'\[\e[22m\]'; fi
  __codex_auth_held=${text:+$segment}
  if [[ $segment == "$__codex_auth_segment" && ${PS1-} == *"$__codex_auth_held"* ]]; then return 0; fi
  if [[ -n $__codex_auth_segment ]]; then PS1=${PS1/"$__codex_auth_segment"/}; fi
  PS1=$__codex_auth_held${PS1-}
  __codex_auth_segment=$segment
}

# Runs behind the commands of the user, who may have made PS1 anew there.
__codex_auth_show() {
  local status=$?
  # direnv and mise come behind the hook, and tell whom `.envrc` names by this.
  if [[ ${CODEX_AUTH_USE-} != "$__codex_auth_use" ]]; then __codex_auth_hook || :; fi
  if [[ ${PS1-} != *"$__codex_auth_held"* ]]; then __codex_auth_plainly __codex_auth_put_label; fi
  if [[ $- == *e* ]]; then return 0; fi
  return "$status"
}

# Puts the hook before all other commands that run before a prompt; once.
__codex_auth_register() {
  local element='' newline=$'\n' others=() last=()
  if [[ $__codex_auth_prompt == 1 ]]; then last=(__codex_auth_show); fi
  if [[ -n ${bash_preexec_imported-}${__bp_imported-} ]]; then
    for element in ${precmd_functions[@]+"${precmd_functions[@]}"}; do
      case $element in __codex_auth_hook | __codex_auth_show) ;; *) others+=("$element") ;; esac
    done
    precmd_functions=(__codex_auth_hook ${others[@]+"${others[@]}"} ${last[@]+"${last[@]}"})
    return 0
  fi
  if __codex_auth_has r PROMPT_COMMAND; then
    builtin printf 'codex-auth: PROMPT_COMMAND is readonly: the account will not follow the directory\n' >&2
    return 0
  fi
  if ((__codex_auth_version < 501)); then
    # There it is a text, or an array of which only the first element counts. A line feed ends whatever the commands of the user end
    # in: nothing, a semicolon, a comment.
    element=${PROMPT_COMMAND-}
    case $element in
      *__codex_auth_hook*) return 0 ;;
      '') element=__codex_auth_hook ;;
      *) element=__codex_auth_hook$newline$element${last[0]+$newline}${last[0]-} ;;
    esac
    PROMPT_COMMAND=$element
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
  # Elements of an array don't see the status of each other: PIPESTATUS stays that of the user's command.
  PROMPT_COMMAND=(__codex_auth_hook ${others[@]+"${others[@]}"} ${last[@]+"${last[@]}"})
}

# Somebody makes PS1 anew behind our last look at it: from now on we look behind him too.
__codex_auth_stay_last() {
  local i=0 each='' text='' newline=$'\n'
  if [[ $__codex_auth_prompt != 1 || $__codex_auth_hook != 1 || $- != *i* ]]; then return 0; fi
  if [[ -n ${bash_preexec_imported-}${__bp_imported-} ]]; then __codex_auth_register; fi
  if [[ -z ${PROMPT_COMMAND[*]-} ]] || __codex_auth_has r PROMPT_COMMAND; then return 0; fi
  # bash-preexec has to have the last word. Before 5.1 only the first element counts.
  for each in "${!PROMPT_COMMAND[@]}"; do
    if ((__codex_auth_version >= 501)) && [[ ${PROMPT_COMMAND[each]} != __bp_interactive_mode ]]; then i=$each; fi
  done
  text=${PROMPT_COMMAND[i]-}
  case $text in
    '' | __codex_auth_hook | *__codex_auth_show) return 0 ;;
    *"$newline"__bp_interactive_mode) text=${text%"$newline"*}${newline}__codex_auth_show${newline}__bp_interactive_mode ;;
    *) text=$text${newline}__codex_auth_show ;;
  esac
  PROMPT_COMMAND[i]=$text
}

# Lets the hook run wherever the directory changes. What somebody else has put in the place of these commands goes on, inside ours:
# bash can rename a function only by its text, and only a fork can tell that.
__codex_auth_wrap() {
  local name='' text='' aliases=-u
  if [[ $- == *r* ]]; then return 0; fi # a restricted shell has no cd
  __codex_auth_bypassed=1
  for name in cd pushd popd; do
    if ! builtin declare -F "$name" >/dev/null; then
      __codex_auth_bypassed='' __codex_auth_theirs=${__codex_auth_theirs/" $name "/ }
      continue
    fi
    text=$(\builtin declare -f "$name")
    if [[ $text == *__codex_auth_move* ]]; then continue; fi
    __codex_auth_bypassed=
    if builtin shopt -q expand_aliases; then aliases=-s; fi
    builtin shopt -u expand_aliases
    builtin eval "__codex_auth_their_$text"
    builtin shopt "$aliases" expand_aliases
    __codex_auth_theirs+="$name "
  done
  if [[ -z $__codex_auth_bypassed ]]; then __codex_auth_take_over; fi
}

__codex_auth_take_over() {
  cd() { __codex_auth_move cd "$@"; }
  pushd() { __codex_auth_move pushd "$@"; }
  popd() { __codex_auth_move popd "$@"; }
}

# Takes cd, pushd or popd with its words.
__codex_auth_move() {
  local __codex_auth_moving=1 __codex_auth_failed=0
  case $__codex_auth_theirs in
    *" $1 "*)
      "__codex_auth_their_$1" "${@:2}"
      __codex_auth_failed=$?
      ;;
    *) builtin "$@" || __codex_auth_failed=$? ;;
  esac
  __codex_auth_hook || :
  return "$__codex_auth_failed"
}

if [[ $__codex_auth_hook == 1 ]]; then
  # However the directory has changed: in `z work && codex` nothing else finds the account.
  if [[ $- != *r* ]] && ! builtin declare -F codex >/dev/null; then
    codex() {
      __codex_auth_hook || :
      builtin command codex "$@"
    }
  fi
  if [[ $- == *i* ]]; then
    __codex_auth_register
  fi
  # Where a prompt will come sync and messages can wait for it, and other tools may still define what they want till then.
  if [[ $- == *i* && -z ${BASH_EXECUTION_STRING+x} ]]; then
    __codex_auth_quiet=1 __codex_auth_unwrapped=1
  else
    __codex_auth_wrap
  fi
fi
__codex_auth_hook || :
__codex_auth_quiet=

# init: end
builtin shopt "$__codex_auth_export" -o allexport
builtin shopt "$__codex_auth_posix" -o posix
\builtin shopt "$__codex_auth_aliases" expand_aliases
\builtin unset -v __codex_auth_aliases __codex_auth_posix __codex_auth_export
