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

# init: body
# Before 5.1 the rest would not be understood: there is the program, and accounts do not follow.
\builtin emulate -R zsh -o no_aliases -c '
typeset -g __codex_auth_old=
if [[ $ZSH_VERSION == [0-4].* || $ZSH_VERSION == 5.0* ]]; then
  __codex_auth_old=1
  builtin print -ru2 -- "codex-auth: before zsh 5.1 accounts do not follow the directory; try: codex-auth exec"
  codex-auth() { CODEX_AUTH_BASE=$__codex_auth_base builtin command "${__codex_auth_program[@]}" "$@" }
fi
'

# The rest is a quoted text: it is parsed without aliases, and its functions always run with the options of zsh itself, whatever the
# user has set; nothing shows under xtrace. So there is no single quote in it. `builtin` keeps out functions that are named like
# commands; typeset, local and [[ are words of the grammar and need none. Texts are bytes: what is shown is made elsewhere.
\builtin test -n "$__codex_auth_old" || \builtin emulate -R zsh -o no_aliases -o extended_glob -o no_multibyte -c '
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
typeset -g __codex_auth_unset="-${(j: -:)__codex_auth_strays}" # what the env file of an account home begins with, as a rule
# The label goes through psvar: %90v prints it as it is, whatever it contains. 90 is far above what vcs_info and themes use.
typeset -g __codex_auth_segment="%(90V.%90v .)"
if [[ ${TERM:-dumb} != dumb ]]; then __codex_auth_segment=${(g::):-"%(90V.%{\\e[2m%}%90v%{\\e[22m%} .)"}; fi

typeset -g __codex_auth_login=$__codex_auth_base/auth.json
typeset -g __codex_auth_registry=$__codex_auth_base/accounts/registry.json
typeset -g __codex_auth_registry_witness=$__codex_auth_ours/live/registry.json
# What stands there decides on marks in env files; the mark has the time of what they were made of.
typeset -g __codex_auth_config=$__codex_auth_base/config.toml
typeset -g __codex_auth_config_mark=$__codex_auth_ours/live/config
typeset -g __codex_auth_fresh=1   # until the first prompt: apply again, whatever an rc file has exported meanwhile
# What the last look found. Without the first, a file that is there while its name is the newest token, all is looked at again.
typeset -g __codex_auth_newest=   # the same file, and whether changes of account are to be told
typeset -g __codex_auth_announce=
typeset -g __codex_auth_now= __codex_auth_token= __codex_auth_use= __codex_auth_place= __codex_auth_around=
typeset -g __codex_auth_applied=  # what is in force: home id, source, token, and whether it is closed
typeset -g __codex_auth_stale=    # what is not as the program has seen it
typeset -g __codex_auth_tried=    # the state that sync was last run for
typeset -g __codex_auth_closed=   # the login of the account home in force is another one, and sync has left it so
typeset -g __codex_auth_known=    # codex-auth/ has been there: when it goes, somebody has ejected it
typeset -g __codex_auth_label= __codex_auth_shown= # the label, and as it is shown: with a mark, if there is one
typeset -g __codex_auth_held=     # what PROMPT has to hold
# A link to the file that auth.json led to when the program looked; nothing where nobody was logged in.
typeset -g __codex_auth_witness=
typeset -g __codex_auth_home= __codex_auth_home_login= __codex_auth_home_witness= # the account home in force, and its login
typeset -ga __codex_auth_saved=()   # the variables of the user that are taken over
typeset -ga __codex_auth_reasons=() # what has been said already

# Runs before each prompt and when the directory changes. Prints nothing to stdout and starts no process, except by sync. Here stands
# only what finds out that nothing has changed: a call costs 10 µs, a file that is read as much as many that are tested, and each
# builtin, return too, 2 µs.
__codex_auth_hook() {
  if [[ ! (-O $__codex_auth_now && $PWD == "$__codex_auth_place" && ${CODEX_AUTH_USE-} == "$__codex_auth_use" &&
    ($__codex_auth_login -ef $__codex_auth_witness && ! $__codex_auth_login -nt $__codex_auth_witness.to &&
    ! $__codex_auth_login -ot $__codex_auth_witness.from || -z $__codex_auth_witness && ! -e $__codex_auth_login) &&
    $__codex_auth_registry -ef $__codex_auth_registry_witness &&
    ! $__codex_auth_registry -nt $__codex_auth_registry_witness.to &&
    ! $__codex_auth_config -nt $__codex_auth_config_mark && (-z $__codex_auth_home ||
    $__codex_auth_home_login -ef $__codex_auth_home_witness &&
    ! $__codex_auth_home_login -nt $__codex_auth_home_witness.to &&
    ! $__codex_auth_home_login -ot $__codex_auth_home_witness.from) &&
    "${(t)CODEX_HOME-} ${CODEX_HOME-} ${HOME-}" == "$__codex_auth_around" &&
    ${CODEX_AUTH_LABEL-} == "$__codex_auth_label" &&
    -z ${CODEX_API_KEY-}${CODEX_ACCESS_TOKEN-}${CODEX_AUTHAPI_BASE_URL-}${OPENAI_FEDERATION_RULE_ID-} &&
    -z ${OPENAI_IDENTITY_TOKEN_FILE-}${OPENAI_ORGANIZATION-}${OPENAI_PROJECT-} &&
    ${PROMPT-} == *"$__codex_auth_held"*) ]]; then
    __codex_auth_run $ZSH_EVAL_CONTEXT
  fi
}

# Looks at everything: the account of the directory, the logins, the label, the prompt. Takes what called the hook. It and its parts, whose
# local variables are here, are written for few calls and few builtins.
__codex_auth_run() {
  local token= id= source= why= before= quiet=${__codex_auth_quiet-} dir= pins= mirror= pin= applied= was= reason= \
    file= text= line= name= kind= old= set= value= home= witness= label= key= worktrees= lines= wants= told= touched= gone= sets= kept=
  # The instant prompt of powerlevel10k wants silence: sync and messages can wait until it is over.
  if (( ${+__p9k_instant_prompt_active} )); then quiet=1; fi
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
    __codex_auth_stale= __codex_auth_tried=
  else
    __codex_auth_look_at_logins
  fi
  # Only the hook itself is on the stack when zsh calls it before a prompt: the rc files have been read.
  if [[ -n $__codex_auth_fresh && -o interactive && $1 == shfunc && -z $quiet ]]; then __codex_auth_fresh=; fi

  # Does Codex use what the label says? Looked at closely only where the answer is not a plain yes.
  __codex_auth_around="${(t)CODEX_HOME-} ${CODEX_HOME-} ${HOME-}"
  if [[ -n $__codex_auth_label && ${CODEX_AUTH_LABEL-} == "$__codex_auth_label" && -z $__codex_auth_stale &&
    (-z $__codex_auth_home && -z ${CODEX_HOME-} && ${HOME-}/.codex == "$__codex_auth_base" ||
    -n $__codex_auth_home && ${CODEX_HOME-} == "$__codex_auth_home" && $__codex_auth_around == *export*" "*) &&
    -z ${CODEX_API_KEY-}${CODEX_ACCESS_TOKEN-}${CODEX_AUTHAPI_BASE_URL-}${OPENAI_FEDERATION_RULE_ID-} &&
    -z ${OPENAI_IDENTITY_TOKEN_FILE-}${OPENAI_ORGANIZATION-}${OPENAI_PROJECT-} ]]; then
    __codex_auth_shown=$__codex_auth_label
  else
    __codex_auth_mark
  fi
  if [[ -o interactive ]]; then __codex_auth_show; fi
  if [[ $token == own:* && -z $__codex_auth_fresh$__codex_auth_stale$quiet ]]; then __codex_auth_now=$__codex_auth_newest; fi
}

# Finds out whether the token, the override or the directory has changed since the last run; then finds the account, and puts it in force.
__codex_auth_look() {
  if [[ -O $__codex_auth_newest ]]; then
    token=own:${__codex_auth_newest:t}
  else
    __codex_auth_read_token
  fi
  if [[ -n $__codex_auth_fresh || $token != "$__codex_auth_token" || ${CODEX_AUTH_USE-} != "$__codex_auth_use" ||
    $PWD != "$__codex_auth_place" ]]; then
    before=$__codex_auth_token __codex_auth_token= # should Ctrl-C come now
    # The account of this directory: id (a home id, @default, or nothing), source and, where it fails closed, why.
    id= source=default why= worktrees=()
    if [[ -n ${CODEX_AUTH_USE-} ]]; then
      source=use id=$CODEX_AUTH_USE
      if ! __codex_auth_is_id "$id"; then
        id=0000000000000000 why="CODEX_AUTH_USE is not a home id"
      fi
    elif [[ $token != own:* ]]; then
      if [[ $token == foreign ]]; then why="$__codex_auth_ours belongs to another user and is ignored"; fi
    elif [[ ! -x $__codex_auth_ours ]]; then
      source=pin id=0000000000000000 why="$__codex_auth_ours cannot be read"
    else
      # In a deleted directory PWD may be ".": there is nothing to walk.
      if [[ $PWD == /* ]]; then __codex_auth_find_pin ${PWD:A}; fi
      if [[ -z $id && -n $worktrees ]]; then __codex_auth_find_repository; fi
      if [[ -z $id ]]; then id=@default; fi
    fi
    if [[ $__codex_auth_applied != "$id $source "* ]]; then __codex_auth_closed=; fi
    if [[ -n $__codex_auth_fresh || "$id $source $token $__codex_auth_closed" != "$__codex_auth_applied" ]]; then
      __codex_auth_apply
    fi
    if [[ -n $__codex_auth_fresh || $token != "$before" ]]; then __codex_auth_read_witness; fi
    __codex_auth_token=$token __codex_auth_use=${CODEX_AUTH_USE-} __codex_auth_place=$PWD
  fi
}

# Reads the token, and whether changes are to be told.
__codex_auth_read_token() {
  local -a generation=()
  __codex_auth_newest= __codex_auth_announce=
  # su and sudo keep HOME: what another user owns is not believed.
  if [[ -O $__codex_auth_ours ]]; then
    if [[ -f $__codex_auth_ours/generation && -r $__codex_auth_ours/generation ]]; then
      generation=("${(@f)"$(<$__codex_auth_ours/generation)"}")
    fi
    token=own:${generation[1]-} __codex_auth_known=1 __codex_auth_announce=${generation[2]-}
    if [[ $token == own:?* && $token != own:*[^0-9a-f]* ]]; then __codex_auth_newest=$__codex_auth_ours/now/${generation[1]}; fi
  elif [[ -e $__codex_auth_ours ]]; then
    token=foreign
  else
    token=none
  fi
}

# Looks which login is not the one that the program has seen, runs sync where that is so, and closes or opens the account home in force.
__codex_auth_look_at_logins() {
  local closed=
  __codex_auth_judge
  if [[ -z $__codex_auth_stale ]]; then
    __codex_auth_tried=
  elif [[ -z $quiet ]]; then
    __codex_auth_reconcile
  fi
  # While another login lies in its home a pin or use fails closed; with that over it is itself again.
  if [[ $__codex_auth_stale == *" home"* ]]; then closed=1; fi
  if [[ $closed != "$__codex_auth_closed" ]]; then
    __codex_auth_closed=$closed __codex_auth_token=
    __codex_auth_look
  fi
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
  file=$__codex_auth_ours/env/@default
  __codex_auth_witness=
  if [[ $token != own:* || ! -f $file || ! -r $file ]]; then return 0; fi
  for line in "${(@f)"$(<$file)"}"; do
    if [[ $line == CODEX_AUTH_CREDENTIAL=* ]]; then __codex_auth_witness=${line#*=}; fi
  done
}

# Runs sync, once for one state, and looks again.
__codex_auth_reconcile() {
  local state=$token$__codex_auth_stale
  if [[ $state == "$__codex_auth_tried" || ! -O $__codex_auth_base ]]; then return 0; fi
  __codex_auth_sync
  __codex_auth_token= __codex_auth_newest= # an env file may be new
  __codex_auth_look
  __codex_auth_judge
  __codex_auth_tried=${__codex_auth_stale:+$token$__codex_auth_stale}
}

# Exports the label, with a mark where Codex would use something else than it says.
__codex_auth_mark() {
  local mark= name=
  __codex_auth_shown=
  if [[ -z $__codex_auth_label$__codex_auth_stale ]]; then
    builtin unset CODEX_AUTH_LABEL
    return 0
  fi
  case ${_CODEX_AUTH_APPLIED-} in
    *.missing) ;;
    ""|@default)
      name=${HOME-}/.codex
      if [[ ${(t)CODEX_HOME-} == *export* && -n $CODEX_HOME ]]; then name=$CODEX_HOME; fi
      if [[ -n $__codex_auth_stale || $name != "$__codex_auth_base" && ! $name -ef $__codex_auth_base ]]; then mark=" !"; fi
      ;;
    *) if [[ ${(t)CODEX_HOME-} != *export* || $CODEX_HOME != "$__codex_auth_home" ]]; then mark=" !"; fi ;;
  esac
  # All at once first: it is rare that one is set.
  if [[ -n ${CODEX_API_KEY-}${CODEX_ACCESS_TOKEN-}${CODEX_AUTHAPI_BASE_URL-}${OPENAI_FEDERATION_RULE_ID-} ||
    -n ${OPENAI_IDENTITY_TOKEN_FILE-}${OPENAI_ORGANIZATION-}${OPENAI_PROJECT-} ]] &&
    [[ ${_CODEX_AUTH_APPLIED-} != *.missing ]]; then
    for name in $__codex_auth_strays; do
      if [[ -n ${(P)name-} && ${(Pt)name} == *export* ]]; then mark=" !"; fi
    done
  fi
  mark=$__codex_auth_label$mark
  __codex_auth_shown=${mark# } # somebody, where the label is empty
  if [[ -z $__codex_auth_shown ]]; then
    builtin unset CODEX_AUTH_LABEL
  elif [[ ${CODEX_AUTH_LABEL-} != "$__codex_auth_shown" ]]; then
    typeset -gx CODEX_AUTH_LABEL=$__codex_auth_shown
  fi
}

# Puts the label before the prompt. Where a theme has made PROMPT anew behind the hook, this is the last to be called from then on.
__codex_auth_show() {
  # powerlevel10k makes the whole prompt itself, and has segments for this.
  if (( ! __codex_auth_prompt || ${+__p9k_sourced} )); then
    __codex_auth_held=
    return 0
  fi
  if [[ ${psvar[90]-} != "$__codex_auth_shown" ]]; then psvar[90]=$__codex_auth_shown; fi
  if [[ ${PROMPT-} == *"$__codex_auth_segment"* ]]; then return 0; fi
  if [[ -n $__codex_auth_held && ${precmd_functions[-1]-} != __codex_auth_show ]]; then
    precmd_functions=("${(@)precmd_functions:#__codex_auth_show}" __codex_auth_show)
  fi
  PROMPT=$__codex_auth_segment${PROMPT-}
  __codex_auth_held=$__codex_auth_segment
}

# A linked worktree of git counts as its repository, but only where the repository names it too: else any .git file of a stranger could
# pick an account.
__codex_auth_find_repository() {
  local tree= gitdir= back=
  for tree in $worktrees; do
    gitdir=${"$(<$tree/.git)"%%[[:cntrl:]]*}
    if [[ $gitdir != "gitdir: "?* ]]; then continue; fi
    gitdir=${gitdir#"gitdir: "}
    if [[ $gitdir != /* ]]; then gitdir=$tree/$gitdir; fi
    gitdir=${gitdir:A}
    if [[ ${gitdir:h:t} != worktrees || ! -f $gitdir/gitdir || ! -r $gitdir/gitdir ]]; then continue; fi
    back=${"$(<$gitdir/gitdir)"%%[[:cntrl:]]*}
    if [[ $back != /* ]]; then back=$gitdir/$back; fi
    if [[ $back != */.git || ! ${back%/.git} -ef $tree ]]; then continue; fi
    gitdir=${gitdir:h:h}
    if [[ ${gitdir:t} == .git ]]; then gitdir=${gitdir:h}; fi
    __codex_auth_find_pin $gitdir
    return 0
  done
}

# Takes a physical directory; sets id and source when it or a parent is pinned. Notes where a .git file lies.
__codex_auth_find_pin() {
  dir=$1 pins=$__codex_auth_ours/pins
  while [[ $dir == /* && -z $id ]]; do
    # At most directories nothing lies.
    while [[ $dir == /?* && ! -e $dir/.git && ! -e $pins$dir/%account && ! -L $pins$dir/%account &&
      (-x $pins$dir || ! -d $pins$dir) ]]; do
      dir=${dir:h}
    done
    mirror=$pins${dir%/}
    pin=$mirror/%account
    if [[ -f $pin && -r $pin ]]; then
      source=pin id=$(<$pin)
      if [[ ${#id} -ne 16 || $id == *[^0-9a-f]* ]]; then
        id=0000000000000000 why="$pin does not hold a home id"
      fi
    elif [[ -e $pin || -L $pin ]]; then
      source=pin id=0000000000000000 why="$pin cannot be read"
    elif [[ -d $mirror && ! -x $mirror ]]; then
      source=pin id=0000000000000000 why="$mirror cannot be read"
    elif [[ -n $dir/.git(#qN.rL-8192) ]]; then
      worktrees+=($dir) # A plain file, no link, not large: what git itself would take.
    fi
    if [[ $dir == / ]]; then dir=; else dir=${dir:h}; fi
  done
}

# Takes a text; returns whether it is a home id.
__codex_auth_is_id() {
  [[ ${#1} -eq 16 && $1 != *[^0-9a-f]* ]]
}

# Takes the name of an env file; sets wants to its lines that are for variables of the user, told to those that tell of the account, and
# home, key, witness and, last, label. Without a label there is none, or nothing in it; or it is not whole, and why says so. The file is
# data: never sourced.
__codex_auth_read() {
  file=$__codex_auth_ours/env/$1 wants=() told=() home= label= key= witness=
  if [[ -f $file && -r $file && -s $file ]]; then
    text=$(<$file)
    why="$file is damaged"
    lines=("${(@f)text}")
    # The last line feed is gone from text (to keep it, read would take 300 µs), but the size tells whether there was one.
    if [[ -z $file(#qNL$(( ${#text} + 1 ))) ]]; then
      :
    elif [[ $lines[-1] == CODEX_AUTH_LABEL=?* && $lines[-2] == CODEX_AUTH_CREDENTIAL=?* && $lines[-3] == CODEX_AUTH_PLAN=?* &&
      $lines[-4] == CODEX_AUTH_EMAIL=?* && $lines[-5] == CODEX_AUTH_ACCOUNT=?* && ($1 == @default && $#lines -eq 5 ||
      $1 != @default && "${lines[1,7]}" == "$__codex_auth_unset" && $lines[8] == CODEX_HOME=?* && $lines[9] == CODEX_SQLITE_HOME=* &&
      ($#lines -eq 14 || $#lines -eq 15 && $lines[10] == OPENAI_API_KEY=*)) ]]; then
      # As a rule these are the lines, in this order. One by one they take three times as long.
      told=("${(@)lines[-5,-3]}" "$lines[-1]") wants=("${(@)lines[8,-6]}")
      home=${lines[8]#*=} key=${lines[10]#*=} witness=${lines[-2]#*=} label=${lines[-1]#*=} why=
      if [[ -n ${CODEX_API_KEY+x}${CODEX_ACCESS_TOKEN+x}${CODEX_AUTHAPI_BASE_URL+x}${OPENAI_FEDERATION_RULE_ID+x} ||
        -n ${OPENAI_IDENTITY_TOKEN_FILE+x}${OPENAI_ORGANIZATION+x}${OPENAI_PROJECT+x} ]]; then
        wants+=(-$^__codex_auth_strays)
      fi
      if [[ $#lines -eq 5 ]]; then wants=() home= key=; fi
    else
      __codex_auth_read_each $1
    fi
  elif [[ -e $file && (! -f $file || ! -r $file) ]]; then
    why="$file cannot be read"
  fi
}

# Takes the name of an env file of which lines has what is in it, and does the same line by line.
__codex_auth_read_each() {
  local other=
  for line in "${(@)lines}"; do
    name=${${line%%=*}#-}
    if (( ! ${__codex_auth_names[(Ie)$name]} )) || [[ $line != -$name && $line != $name=* ]]; then return 0; fi
    case $line in
      CODEX_AUTH_CREDENTIAL=*) witness=${line#*=} ;;
      CODEX_AUTH_*=?*) told+=("$line") ;;
      CODEX_AUTH_*|-CODEX_AUTH_*) ;; # nothing to tell
      CODEX_HOME=*) home=${line#*=} wants+=("$line") ;;
      CODEX_SQLITE_HOME=*) other=1 wants+=("$line") ;;
      OPENAI_API_KEY=*) key=${line#*=} wants+=("$line") ;;
      *) wants+=("$line") ;;
    esac
  done
  if [[ $1 == @default && -z $home$other || $1 != @default && -n $home && -n ${(M)told:#CODEX_AUTH_ACCOUNT=*} ]] &&
    [[ $line == CODEX_AUTH_LABEL=?* ]]; then
    label=${line#*=} why=
  fi
}

# Leaves what is in force and puts id in force.
__codex_auth_apply() {
  applied= label= home= reason=$why touched=() gone=(_CODEX_AUTH_APPLIED CODEX_AUTH_SOURCE $__codex_auth_told)
  kept=($__codex_auth_saved) was=${_CODEX_AUTH_APPLIED-} _CODEX_AUTH_APPLIED= # should Ctrl-C come meanwhile, all is set again
  if [[ -n $__codex_auth_fresh ]]; then
    __codex_auth_adopt
    __codex_auth_saved=($__codex_auth_managed) # what was saved may be an outer shell of it
  fi
  for name in $__codex_auth_saved; do
    old=_CODEX_AUTH_OLD_$name set=_CODEX_AUTH_SET_$name
    if [[ -n ${(P)name-} && +${(P)name-} == "${(P)set-}" && ${(P)old-} == - && -z ${__codex_auth_plain[$name]+x} ]]; then
      gone+=($name $old $set) # as a rule
    elif (( ${(P)+set} )); then
      __codex_auth_restore
    fi
  done
  builtin unset $gone
  __codex_auth_saved=() __codex_auth_plain=()

  __codex_auth_applied= __codex_auth_label= __codex_auth_home= why=
  if [[ -n $id && $token == own:* && -z $reason ]]; then
    __codex_auth_read $id
    if [[ -n $label ]]; then
      applied=$id __codex_auth_home=$home __codex_auth_home_login=$home/auth.json __codex_auth_home_witness=$witness
      if [[ -n $__codex_auth_closed ]]; then
        applied= reason="$__codex_auth_home_login is not the login that codex-auth knows, try: codex-auth sync"
      fi
    else
      reason=$why
    fi
  fi
  # A pin or use fails closed: a home that never exists keeps Codex from starting as somebody else.
  if [[ -z $applied && $source != default ]]; then
    applied=$id.missing label="missing account"
    wants=(-$^__codex_auth_strays CODEX_HOME=$__codex_auth_ours/homes/$applied) told=("CODEX_AUTH_LABEL=$label")
  fi

  if [[ -n $applied ]]; then
    sets=("_CODEX_AUTH_APPLIED=$applied" "CODEX_AUTH_SOURCE=$source" "${(@)told}")
    # While the account stays the same, what the user has changed is his.
    if [[ -n $__codex_auth_fresh || $applied != "$was" ]]; then touched=(); fi
    for line in "${(@)wants}"; do
      name=${line%%=*}
      if [[ -n ${(P)name+x} || -n $touched || $line == -* ]]; then
        __codex_auth_take
      elif [[ $name == OPENAI_API_KEY ]]; then # a secret is not exported a second time
        _CODEX_AUTH_OLD_OPENAI_API_KEY=- _CODEX_AUTH_SET_OPENAI_API_KEY=+$key sets+=("$line") __codex_auth_saved+=($name)
      else
        sets+=("$line" "_CODEX_AUTH_OLD_$name=-" "_CODEX_AUTH_SET_$name=+${line#*=}") __codex_auth_saved+=($name)
      fi
    done
    typeset -gx "${(@)sets}"
    __codex_auth_label=$label
  fi
  __codex_auth_applied="$id $source $token $__codex_auth_closed"
  if [[ -n $reason$__codex_auth_announce ]]; then __codex_auth_tell; fi
}

# Says on stderr why the account is not in force, once, and which one is from now on, where that is to be told.
__codex_auth_tell() {
  builtin setopt multibyte
  # In a subshell, as of a substitution, nobody stays.
  if [[ -n $quiet ]] || (( ZSH_SUBSHELL )); then return 0; fi
  if [[ -n $reason ]] && (( ! ${__codex_auth_reasons[(Ie)$reason]} )); then
    __codex_auth_reasons+=("$reason")
    builtin print -ru2 -- "codex-auth: ${(V)reason}"
  fi
  if [[ $__codex_auth_announce == announce && -z $__codex_auth_fresh && $applied != "$was" && -t 2 ]]; then
    builtin print -ru2 -- "codex-auth: ${${__codex_auth_label:+"now ${(V)__codex_auth_label}"}:-no account}"
  fi
}

# Takes over a variable that the account wants, which is in line: keeps what the user has in it, and sets it where he has not changed it.
__codex_auth_take() {
  name=${${line%%=*}#-} value=+${line#*=} old=- kind=${(Pt)name}
  if [[ $line == -* ]]; then value=-; fi
  if [[ $kind == *readonly* || -z $kind && $value == - ]]; then return 0; fi
  # What he has set meanwhile, and was not there before, is his.
  if [[ $value == - && -z $__codex_auth_fresh && $applied == "$was" ]] && (( ! ${kept[(Ie)$name]} )); then return 0; fi
  if [[ -n $kind ]]; then old=+${(P)name}; fi
  __codex_auth_saved+=($name)
  if [[ $applied == @default && $old == +?* ]]; then
    # His own key stays; that it is his is kept, should the account have the same.
    typeset -g "_CODEX_AUTH_OLD_$name=$old" "_CODEX_AUTH_SET_$name=$old"
    return 0
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
}

# Gives back what the user had in the variable name, except where he has changed it meanwhile: such names go to touched.
__codex_auth_restore() {
  gone+=($old $set) value=-
  if (( ${(P)+name} )); then value=+${(P)name}; fi
  if [[ $value != "${(P)set}" ]]; then
    touched+=($name)
  elif (( ${+__codex_auth_plain[$name]} )); then
    builtin unset $name
    typeset -g "$name=${__codex_auth_plain[$name]}"
  elif [[ $value != "${(P)old-}" ]]; then
    __codex_auth_put $name "${(P)old:--}"
  fi
}

# A secret is not saved in the environment: in a new shell the key that the account sets is known by its value.
__codex_auth_adopt() {
  if [[ $token != own:* || -z ${OPENAI_API_KEY-} ]] || (( ${+_CODEX_AUTH_SET_OPENAI_API_KEY} )); then return 0; fi
  if [[ $was == @default ]] || __codex_auth_is_id "$was"; then
    __codex_auth_read $was
    if [[ -n $label && $key == "$OPENAI_API_KEY" ]]; then
      typeset -g _CODEX_AUTH_OLD_OPENAI_API_KEY=- _CODEX_AUTH_SET_OPENAI_API_KEY=+$OPENAI_API_KEY
    fi
  fi
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
      if (( ZSH_SUBSHELL )); then
        builtin print -ru2 -- "codex-auth: only in this subshell, as a pipe, a substitution and & have one of their own"
      fi
    elif (( ! failed )) && [[ $answer == - ]]; then
      builtin unset CODEX_AUTH_USE
    elif [[ -n $answer ]]; then
      builtin print -r -- "$answer"
    fi
  else
    builtin command "${__codex_auth_program[@]}" "$@" || failed=$?
  fi
  __codex_auth_now= __codex_auth_newest= __codex_auth_tried= # the command may have changed anything
  __codex_auth_hook
  return failed
}

() {
  local __codex_auth_quiet=
  typeset -gA __codex_auth_plain
  typeset -ga precmd_functions chpwd_functions
  precmd_functions=("${(@)precmd_functions:#__codex_auth_(hook|show)}")
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
