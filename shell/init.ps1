# codex-auth: makes this shell use the OpenAI account of the directory it is in. PowerShell 7.2 and later.
# At the end of your profile: if ($function:__codex_auth_init = (codex-auth init pwsh) -join "`n") { . __codex_auth_init }
$global:__codex_auth_program = @('codex-auth')  # init: program
$global:__codex_auth_base = "$HOME/.codex"  # init: base
$global:__codex_auth_prompt = 1  # init: prompt
$global:__codex_auth_hook = 1  # init: hook

# All below needs PowerShell 7.2 and its .NET calls, which constrained language mode forbids. Saying so beats half a hook that leaves
# the wrong account; codex-auth itself works there too. Windows PowerShell 5.1 parses the file whole before it runs a line of it, so
# nothing in here is newer than its grammar. A warning would go to the standard output of a script.
#
# A shell that starts waits 2 ms for each operation that it has not yet done with such operands: PowerShell works out what that is, and
# compiles it, at the first time. So state is kept in variables, which cost nothing, and not in members of an object; and what can be said in
# several ways is said in one all through.
$global:__codex_auth_before = [System.Environment]::Version.Major -lt 6 # .NET 6 came with PowerShell 7.2
$global:__codex_auth_full = $ExecutionContext.SessionState.LanguageMode -eq 0 # FullLanguage
if ($global:__codex_auth_before -or -not $global:__codex_auth_full) {
    function global:codex-auth {
        $program, $words = @($global:__codex_auth_program) + $args
        if ($MyInvocation.ExpectingInput) { $input | & $program $words } else { & $program $words }
    }
    $global:__codex_auth_why = if ($global:__codex_auth_before) { 'before PowerShell 7.2' } else { 'in constrained language mode' }
    $global:__codex_auth_why += ' accounts do not follow the directory; try: codex-auth exec'
    if ($global:__codex_auth_full) { [Console]::Error.WriteLine("codex-auth: $global:__codex_auth_why") }
    else { Write-Error $global:__codex_auth_why -CategoryActivity 'codex-auth' -ErrorAction Continue }
    return
}

# Every function is DebuggerHidden: Set-PSDebug -Trace then shows neither its lines nor, at level 2, what its variables hold
# (secrets among it). Not hidden from a debugger that is attached, nor from a script that reads $global:__codex_auth_set.
# Texts are compared with [string]::Equals and .Equals: -ceq goes by the culture and takes some different texts for the same.

# What this process knows. fresh: has not applied anything yet, and once more at the first prompt, whatever the profile has
# exported meanwhile. adopted: has looked what its parent left. seen: what the last look was at. wanted: what was applied then.
# generation: the text that the token is in, which holds while the file newest is there; token_of: the text that the token was taken out of.
# settled: all that it went by, when it left nothing to do. tried: the sync tried last. told: what has been said.
# applied (home id, `@default`, `<home id>.missing` or ''), home (the account home) and label: what is in force.
# judged: the account home of there, and witness what its login is judged by; base_witness: the same for the base home, read for the
# token witness_of. kept: by account home, what a look went by that found all right at that token. stale: which logins are not those that
# the program has seen; foreign: that of the account home is not. closed: a home that sync has left so.
# old and set: of each variable of the user's what he had and what was set, `-` (unset) or `+value`. touched: those that he has
# changed since. exported: those of which children are told both. read: by env file, its text when it was right, and its variables. same_home: a CODEX_HOME, and HOME, that were found to lead to the base home. inners: the prompts that ours stand before.
if ($null -eq $ExecutionContext.SessionState.PSVariable.Get('global:__codex_auth_told')) {
    $global:__codex_auth_fresh = $true
    $global:__codex_auth_running = $global:__codex_auth_prompting = $global:__codex_auth_prompted = $global:__codex_auth_adopted = $false
    $global:__codex_auth_known = $global:__codex_auth_announce = $global:__codex_auth_foreign = $false
    $global:__codex_auth_location = $global:__codex_auth_wanted = $global:__codex_auth_looked = $global:__codex_auth_witness_of = $global:__codex_auth_token_of = $null
    $global:__codex_auth_tried = $global:__codex_auth_reason = $global:__codex_auth_token = $global:__codex_auth_generation = ''
    $global:__codex_auth_path = $global:__codex_auth_applied = $global:__codex_auth_home = $global:__codex_auth_label = ''
    $global:__codex_auth_judged = $global:__codex_auth_witness = $global:__codex_auth_base_witness = $global:__codex_auth_stale = ''
    $global:__codex_auth_closed = ''
    $global:__codex_auth_inners = @()
    $global:__codex_auth_old = @{}
    $global:__codex_auth_set = @{}
    $global:__codex_auth_touched = @{}
    $global:__codex_auth_exported = @{}
    $global:__codex_auth_read = @{}
    $global:__codex_auth_told = [hashtable]::new() # minds the case, as @{} does not
}
# With one of these set, Codex bills another account or organization than its CODEX_HOME says.
$global:__codex_auth_stray_names = 'CODEX_API_KEY', 'CODEX_ACCESS_TOKEN', 'CODEX_AUTHAPI_BASE_URL', 'OPENAI_FEDERATION_RULE_ID',
    'OPENAI_IDENTITY_TOKEN_FILE', 'OPENAI_ORGANIZATION', 'OPENAI_PROJECT'
$global:__codex_auth_secret_names = 'OPENAI_API_KEY', 'CODEX_API_KEY', 'CODEX_ACCESS_TOKEN'
$global:__codex_auth_shown_names = 'CODEX_AUTH_ACCOUNT', 'CODEX_AUTH_EMAIL', 'CODEX_AUTH_PLAN', 'CODEX_AUTH_LABEL'
$global:__codex_auth_managed_names = @('CODEX_HOME'; 'CODEX_SQLITE_HOME'; 'OPENAI_API_KEY'; $global:__codex_auth_stray_names)
# What a line of an env file may begin with, to set and to unset, and the name that it is. The last is no variable, but the witness of the
# login that the file tells of. (@{} would not mind the case.)
$global:__codex_auth_set_words, $global:__codex_auth_unset_words = [hashtable]::new(), [hashtable]::new()
foreach ($__codex_auth_name in @($global:__codex_auth_managed_names; $global:__codex_auth_shown_names; 'CODEX_AUTH_CREDENTIAL')) {
    $global:__codex_auth_set_words[$__codex_auth_name] = $global:__codex_auth_unset_words["-$__codex_auth_name"] = $__codex_auth_name
}
# What a look goes by beside the directory and files; the label and CODEX_HOME come first, what must not be set from 4 on.
$global:__codex_auth_read_names = @('CODEX_AUTH_LABEL'; 'CODEX_HOME'; 'HOME'; 'CODEX_AUTH_USE'; $global:__codex_auth_stray_names)

# The hook: runs when the location changes and before each prompt. Starts no process but for a sync, prints nothing to stdout.
# Nearly always all is as the last look has seen it. That is found out right here: one call of a function costs a third of it.
function global:__codex_auth_hook {
    [System.Diagnostics.DebuggerHidden()] param()
    if ($global:__codex_auth_running) { return }
    $global:__codex_auth_running = $true
    try {
        $settled = $global:__codex_auth_settled
        $same = $null -ne $settled -and
            [string]::Equals($settled['Path'], $ExecutionContext.SessionState.Path.CurrentFileSystemLocation.Path)
        try {
            if ($same) {
                $names, $values = $settled['Names'], $settled['Values']
                for ($i = 0; $same -and $i -lt $names.Length; $i++) {
                    $same = [object]::Equals([System.Environment]::GetEnvironmentVariable($names[$i]), $values[$i])
                }
                $files, $times = $settled['Files'], $settled['Times']
                for ($i = 0; $same -and $i -lt $files.Length; $i++) {
                    $same = [object]::Equals([System.IO.File]::GetLastWriteTimeUtc($files[$i]), $times[$i])
                }
                $links, $targets = $settled['Links'], $settled['Targets']
                for ($i = 0; $same -and $i -lt $links.Length; $i++) {
                    $same = [object]::Equals([System.IO.FileInfo]::new($links[$i]).LinkTarget, $targets[$i])
                }
            }
            # there while the token is the newest: times alone are too coarse to tell
            if ($same) { $same = [System.IO.File]::Exists($settled['Now']) }
        } catch { __codex_auth_forget $_; $same = $false }
        if ($same) { return }
        $global:__codex_auth_settled = $null
        __codex_auth_look
        __codex_auth_reconcile
        __codex_auth_mark
    } catch {
        __codex_auth_forget $_
        $global:__codex_auth_seen = $null
        $global:__codex_auth_reason = "the hook failed: $($_.Exception.Message)"
        __codex_auth_tell
    } finally { $global:__codex_auth_running = $false }
}

# Looks whether directory, token or override have changed; if so, applies the account of there unless it is in force.
function global:__codex_auth_look {
    [System.Diagnostics.DebuggerHidden()] param()
    $ours = "$global:__codex_auth_base/codex-auth"
    # what was read last holds while the file is there that is named by its token
    $newest = $global:__codex_auth_newest
    if (-not $newest -or -not [System.IO.File]::Exists($newest)) {
        $global:__codex_auth_newest = $global:__codex_auth_generation = ''
        if ([System.IO.Directory]::Exists($ours)) { __codex_auth_generation $ours }
    }
    $text = $global:__codex_auth_generation
    $use = [System.Environment]::GetEnvironmentVariable('CODEX_AUTH_USE')
    # Where a child process would start: in `Env:` and the like it is the directory that was left last.
    $here = $ExecutionContext.SessionState.Path.CurrentFileSystemLocation
    $path = $here.Path
    $global:__codex_auth_path = $path
    $seen = "$ours`n$path`n$use`n$text"
    if ([string]::Equals($seen, $global:__codex_auth_seen)) { return }
    $global:__codex_auth_reason = ''
    $newer = -not [string]::Equals($text, $global:__codex_auth_token_of)
    if ($newer) {
        $global:__codex_auth_token_of = $text
        $global:__codex_auth_token = ''
        $global:__codex_auth_announce = $false
        if ($text -cmatch '\A([^\n]*)(\nannounce(\n|\z))?') {
            $global:__codex_auth_token = $Matches[1]
            $global:__codex_auth_announce = $null -ne $Matches[2]
        }
    }
    if ($newer -or -not $global:__codex_auth_trusted) {
        $global:__codex_auth_trusted = [System.IO.Directory]::Exists($ours) -and (__codex_auth_owned $ours)
        if ($global:__codex_auth_trusted) { $global:__codex_auth_known = $true }
    }
    $source = $id = ''
    if ($use -or $global:__codex_auth_trusted) {
        # on a drive like Temp: the path is another one, but takes 45 us to get
        if ($path -cnotmatch '\A/') { $path = $here.ProviderPath }
        try { $source, $id = __codex_auth_resolve $path $use } catch {
            __codex_auth_forget $_
            $source, $id = 'pin', '0000000000000000'
            $global:__codex_auth_reason = "the account of $path cannot be told: $($_.Exception.Message)"
        }
    }
    $wanted = "$id $global:__codex_auth_token $global:__codex_auth_base $global:__codex_auth_closed"
    if ($global:__codex_auth_fresh -or -not [string]::Equals($wanted, $global:__codex_auth_wanted)) {
        $global:__codex_auth_wanted = $null # should Ctrl-C come now, the next prompt does it again
        __codex_auth_apply $id
        $global:__codex_auth_wanted = $wanted
    }
    if (-not $global:__codex_auth_applied) { $source = [NullString]::Value }
    $name = 'CODEX_AUTH_SOURCE'
    [System.Environment]::SetEnvironmentVariable($name, $source)
    $global:__codex_auth_fresh = $false
    $now = "$ours`n$text"
    if (-not [string]::Equals($now, $global:__codex_auth_witness_of)) {
        # while an account is in force too: it is the login of the base home that others change
        $text = if ($global:__codex_auth_trusted) { __codex_auth_text "$ours/env/@default" } else { '' }
        $global:__codex_auth_base_witness = if ($text -cmatch '(?m)^CODEX_AUTH_CREDENTIAL=(.+)$') { $Matches[1] } else { '' }
        $global:__codex_auth_witness_of = $now
        $global:__codex_auth_kept = [hashtable]::new()
    }
    $global:__codex_auth_seen = $seen
    if ($global:__codex_auth_reason) { __codex_auth_tell }
}

# Takes the directory of ours; reads which token is the newest, and whether changes are to be told.
function global:__codex_auth_generation {
    [System.Diagnostics.DebuggerHidden()] param([string]$Ours)
    try {
        # a pipe or a device, which could keep a reader waiting, has no length
        $file = [System.IO.FileInfo]::new("$Ours/generation")
        if (-not $file.Exists -or $file.Length -eq 0 -or $null -ne $file.LinkTarget) { return }
        $global:__codex_auth_generation = [System.IO.File]::ReadAllText($file.FullName)
    } catch { __codex_auth_forget $_ }
    if ($global:__codex_auth_generation -cmatch '\A([0-9a-z]+)(\n|\z)') { $global:__codex_auth_newest = "$Ours/now/$($Matches[1])" }
}

# Takes the directory and CODEX_AUTH_USE; returns the source and the home id: the override, else the deepest pin of the
# physical path, else that of the repository a linked worktree belongs to, else the default account.
function global:__codex_auth_resolve {
    [System.Diagnostics.DebuggerHidden()] param([string]$Here, [string]$Use)
    if ($Use) {
        if ($Use -cmatch '\A[0-9a-f]{16}\z') { return 'use', $Use }
        $global:__codex_auth_reason = 'CODEX_AUTH_USE names no account; try: codex-auth use -'
        return 'use', '0000000000000000'
    }
    if ($Here -cmatch '\A/') {
        $path = __codex_auth_physical $Here
        $id = __codex_auth_pin $path
        while (-not $id -and $path.Length) {
            if ([System.IO.File]::Exists("$path/.git")) {
                $repository = __codex_auth_repository $path
                if ($null -ne $repository) { $id = __codex_auth_pin $repository; break }
            }
            $path = $path.Substring(0, $path.LastIndexOf([char]'/'))
        }
        if ($id) { return 'pin', $id }
    }
    return 'default', '@default'
}

# Takes a physical path ('' is the root); returns the home id of its deepest pin, nothing without one. A pin that is there but
# cannot be read or holds no home id counts as one of an account that does not exist: Codex must stop, not bill the default.
function global:__codex_auth_pin {
    [System.Diagnostics.DebuggerHidden()] param([string]$Path)
    $pins = "$global:__codex_auth_base/codex-auth/pins"
    while ($true) {
        $file = "$pins$Path/%account"
        try {
            # a link that leads nowhere is there too; attributes are -1 where nothing is
            $entry = [System.IO.FileInfo]::new($file)
            if ([int]$entry.Attributes -ne -1) {
                # a pipe or a device, which could keep a reader waiting, has no length
                if ($null -ne $entry.LinkTarget) { $entry = $entry.ResolveLinkTarget($true) }
                $text = if ($entry.Exists -and $entry.Length -eq 0) { '' } else { [System.IO.File]::ReadAllText($file) }
                if ($text -cmatch '\A[0-9a-f]{16}\n?\z') { return $text.Substring(0, 16) }
                $global:__codex_auth_reason = "the pin $file is damaged; try: codex-auth pin"
                return '0000000000000000'
            }
        } catch [System.IO.PathTooLongException] {
            __codex_auth_forget $_ # such a path cannot be pinned, one above it can
        } catch {
            __codex_auth_forget $_
            $global:__codex_auth_reason = "the pin $file cannot be read; try: codex-auth doctor"
            return '0000000000000000'
        }
        if ($Path.Length -eq 0) { return }
        $Path = $Path.Substring(0, $Path.LastIndexOf([char]'/'))
    }
}

# Takes an absolute path; returns it with every link resolved, '' for the root. What does not exist is taken as it is spelled.
function global:__codex_auth_physical {
    [System.Diagnostics.DebuggerHidden()] param([string]$Path)
    $slash = [char]'/'
    $done = ''
    $links = 0
    $left = [System.Collections.Generic.Stack[string]]::new()
    $names = $Path.Split($slash)
    while ($true) {
        for ($i = $names.Length - 1; $i -ge 0; $i--) { $left.Push($names[$i]) }
        $names = $null
        while ($left.Count -and $null -eq $names) {
            $name = $left.Pop()
            if ($name.Length -eq 0 -or $name.Equals('.')) { continue }
            if ($name.Equals('..')) { $done = $done.Substring(0, [Math]::Max(0, $done.LastIndexOf($slash))); continue }
            $target = [System.IO.FileInfo]::new("$done/$name").LinkTarget
            if ($null -eq $target) { $done = "$done/$name"; continue }
            $links++
            if ($target.StartsWith($slash)) { $done = '' }
            $names = $target.Split($slash)
        }
        if ($null -eq $names -or $links -gt 40) { return $done }
    }
}

# Takes a directory that has a file `.git`; returns the physical path of the repository if that makes it one of its linked worktrees, else
# nothing. The repository has to name the worktree in turn: else any `.git` file from a stranger could pick an account.
function global:__codex_auth_repository {
    [System.Diagnostics.DebuggerHidden()] param([string]$Path)
    if ((__codex_auth_line "$Path/.git") -cnotmatch '\Agitdir: (.*/worktrees/[^/]+)\z') { return }
    $git = $Matches[1]
    $git = __codex_auth_physical $(if ($git.StartsWith([char]'/')) { $git } else { "$Path/$git" })
    $back = __codex_auth_line "$git/gitdir"
    if ($back.Length -and -not $back.StartsWith([char]'/')) { $back = "$git/$back" }
    if (-not [string]::Equals((__codex_auth_physical $back), "$Path/.git")) { return }
    if ($git -cmatch '\A(.*?)(/\.git)?/worktrees/[^/]+\z') { return $Matches[1] }
}

# Returns what a small regular file holds, else ''. A pipe or a device, which could keep a reader waiting, has no length.
function global:__codex_auth_text {
    [System.Diagnostics.DebuggerHidden()] param([string]$Path)
    try {
        $file = [System.IO.FileInfo]::new($Path)
        if (-not $file.Exists -or $null -ne $file.LinkTarget -or $file.Length -eq 0 -or $file.Length -gt 8192) { return '' }
        return [System.IO.File]::ReadAllText($Path)
    } catch { __codex_auth_forget $_ }
    return ''
}

# Returns the first line of such a file.
function global:__codex_auth_line {
    [System.Diagnostics.DebuggerHidden()] param([string]$Path)
    return (__codex_auth_text $Path).Split([char]10)[0].TrimEnd([char]13)
}

# Is the file the user's own? su and sudo keep HOME, and then everything there is somebody else's. .NET alone tells the mode of a
# file, not its owner; the engine's file system provider does, without a process. Who we are: the owner of our entry in
# /proc, or where there is none (macOS) the name of the effective user. Windows has an ACL instead: not tested.
function global:__codex_auth_owned {
    [System.Diagnostics.DebuggerHidden()] param([string]$Path)
    if ($IsWindows) { return $true }
    try {
        $items = $ExecutionContext.InvokeProvider.Item
        $owner = $items.Get([string[]]"$(__codex_auth_physical $Path)/", $true, $true)[0].UnixStat
        if ($null -eq $owner) { $owned = $false }
        elseif ([System.IO.Directory]::Exists("/proc/$PID")) {
            $owned = $owner.UserId -eq $items.Get([string[]]"/proc/$PID", $true, $true)[0].UnixStat.UserId
        } else {
            $owned = [string]::Equals($owner.GetUserName(), [System.Environment]::UserName) -and [System.Environment]::UserName
        }
        if ($owned) { return $true }
        $global:__codex_auth_reason = "$Path belongs to another user and is ignored"
    } catch {
        __codex_auth_forget $_
        $global:__codex_auth_reason = "the owner of $Path cannot be told, so it is ignored"
    }
    return $false
}

# Takes a home id, `@default`, or '' for no account; gives the user's variables back, then sets those of the account.
function global:__codex_auth_apply {
    [System.Diagnostics.DebuggerHidden()] param([string]$Id)
    $before = $global:__codex_auth_applied
    if (-not $global:__codex_auth_adopted) { __codex_auth_adopt }
    # of each variable that still holds what was set; one that he has changed since is his
    $unset = [NullString]::Value
    $global:__codex_auth_touched = @{}
    foreach ($name in $global:__codex_auth_managed_names) {
        $set = $global:__codex_auth_set[$name]
        if ($null -eq $set -and -not $global:__codex_auth_fresh) { continue }
        $listed = $global:__codex_auth_fresh -or $null -ne $global:__codex_auth_exported[$name]
        if ($listed) { $kept, $told = "_CODEX_AUTH_OLD_$name", "_CODEX_AUTH_SET_$name" }
        if ($null -ne $set) { $old = $global:__codex_auth_old[$name] }
        else {
            # set by the shell that has started this one
            $set = [System.Environment]::GetEnvironmentVariable($told)
            if (-not $set) { continue }
            $old = [System.Environment]::GetEnvironmentVariable($kept)
        }
        $now = [System.Environment]::GetEnvironmentVariable($name)
        $now = if ($null -eq $now) { '-' } else { "+$now" }
        if (-not [string]::Equals($now, $set)) { $global:__codex_auth_touched[$name] = $true }
        elseif (-not [string]::Equals($now, $old)) {
            $old = if ($old -cmatch '\A[^-]|\A-.') { $old.Substring(1) } else { $unset }
            [System.Environment]::SetEnvironmentVariable($name, $old)
        }
        $global:__codex_auth_set[$name] = $global:__codex_auth_old[$name] = $null
        if ($listed) {
            [System.Environment]::SetEnvironmentVariable($told, $unset)
            [System.Environment]::SetEnvironmentVariable($kept, $unset)
            $global:__codex_auth_exported[$name] = $null
        }
    }
    foreach ($name in $global:__codex_auth_shown_names) { [System.Environment]::SetEnvironmentVariable($name, $unset) }
    $name = '_CODEX_AUTH_APPLIED'
    [System.Environment]::SetEnvironmentVariable($name, $unset)
    $global:__codex_auth_applied = $global:__codex_auth_home = $global:__codex_auth_label = ''
    $global:__codex_auth_judged = $global:__codex_auth_witness = ''

    if ($Id) {
        $values = if ($global:__codex_auth_trusted) { __codex_auth_values $Id } else { $null }
        if ($null -ne $values -and $null -ne $values['CODEX_HOME']) {
            $global:__codex_auth_judged = $values['CODEX_HOME'].Substring(1)
            $witness = $values['CODEX_AUTH_CREDENTIAL']
            $global:__codex_auth_witness = if ($null -ne $witness) { $witness.Substring(1) } else { '' }
            if ([string]::Equals($global:__codex_auth_judged, $global:__codex_auth_closed)) {
                $values = $null
                $global:__codex_auth_reason = "$global:__codex_auth_judged/auth.json is not the login that codex-auth knows; try: codex-auth sync"
            }
        }
        $default = '@default'
        if ($null -eq $values -and -not [string]::Equals($Id, $default)) {
            # a CODEX_HOME that does not exist stops Codex, where the default account would be billed instead
            $Id = "$Id.missing"
            $values = @{}
            $values['CODEX_HOME'] = "+$global:__codex_auth_base/codex-auth/homes/$Id"
            foreach ($name in $global:__codex_auth_stray_names) { $values[$name] = '-' }
            $values['CODEX_AUTH_LABEL'] = '+missing account'
        }
        if ($null -ne $values) { __codex_auth_set $Id $values $before }
    }
    if ($global:__codex_auth_announce -and -not $global:__codex_auth_fresh -and -not [string]::Equals($before, $global:__codex_auth_applied) -and -not [Console]::IsErrorRedirected) {
        $news = if ($global:__codex_auth_applied) { "now $(__codex_auth_plain $global:__codex_auth_label)" } else { 'no account' }
        [Console]::Error.WriteLine("codex-auth: $news")
    }
}

# Takes what is to be in force, its variables (each `-`, unset, or `+value`), and what was in force before; sets the variables,
# and keeps what the user had. While the account stays the same, what he has changed is his.
function global:__codex_auth_set {
    [System.Diagnostics.DebuggerHidden()]
    param([string]$Applied, [hashtable]$Values, [string]$Before)
    $default = $Applied -cmatch '\A@'
    $same = -not $global:__codex_auth_fresh -and [string]::Equals($Applied, $Before)
    $unset = '-'
    $name = '_CODEX_AUTH_APPLIED'
    [System.Environment]::SetEnvironmentVariable($name, $Applied)
    foreach ($name in $global:__codex_auth_managed_names) {
        $new = $Values[$name]
        if ($null -eq $new) { continue }
        $now = [System.Environment]::GetEnvironmentVariable($name)
        $now = if ($null -eq $now) { '-' } else { "+$now" }
        if ($default -and $now.Length -gt 1) { continue }
        # kept before the change: after a Ctrl-C in between, giving back finds a value that is not ours and leaves it
        $global:__codex_auth_old[$name] = $now
        $global:__codex_auth_set[$name] = $new
        if ([string]::Equals($now, $new) -or ($same -and $null -ne $global:__codex_auth_touched[$name])) { continue }
        if ([Array]::IndexOf($global:__codex_auth_secret_names, $name) -lt 0) {
            $old, $set = "_CODEX_AUTH_OLD_$name", "_CODEX_AUTH_SET_$name"
            $global:__codex_auth_exported[$name] = $true
            [System.Environment]::SetEnvironmentVariable($old, $now)
            [System.Environment]::SetEnvironmentVariable($set, $new)
        }
        # $null would arrive as '', which .NET 9 sets and earlier ones unset
        $value = if ([string]::Equals($new, $unset)) { [NullString]::Value } else { $new.Substring(1) }
        [System.Environment]::SetEnvironmentVariable($name, $value)
    }
    foreach ($name in $global:__codex_auth_shown_names) {
        $new = $Values[$name]
        if ($null -eq $new) { continue }
        $value = if ([string]::Equals($new, $unset)) { [NullString]::Value } else { $new.Substring(1) }
        [System.Environment]::SetEnvironmentVariable($name, $value)
    }
    $global:__codex_auth_applied = $Applied
    $global:__codex_auth_label = $Values['CODEX_AUTH_LABEL'].Substring(1)
    $global:__codex_auth_home = if ($null -ne $Values['CODEX_HOME']) { $Values['CODEX_HOME'].Substring(1) } else { '' }
}

# In a new process, an API key that the parent shell has set is ours, not the user's; what was before it is not known.
function global:__codex_auth_adopt {
    [System.Diagnostics.DebuggerHidden()] param()
    $global:__codex_auth_adopted = $true
    if (-not $global:__codex_auth_trusted) { return }
    $key = [System.Environment]::GetEnvironmentVariable('OPENAI_API_KEY')
    if (-not $key) { return }
    $applied = [System.Environment]::GetEnvironmentVariable('_CODEX_AUTH_APPLIED')
    if ($applied -cnotmatch '\A([0-9a-f]{16}|@default)\z') { return }
    $values = __codex_auth_values $applied
    if ($null -eq $values -or -not [string]::Equals($values['OPENAI_API_KEY'], "+$key")) { return }
    $global:__codex_auth_old['OPENAI_API_KEY'] = '-'
    $global:__codex_auth_set['OPENAI_API_KEY'] = "+$key"
}

# Takes the name of an env file; returns its variables, each `-` (unset) or `+value`. Nothing when it is missing, empty or
# damaged: an unknown name, or no label in the last line, or no newline behind it, for then it may have been cut off.
function global:__codex_auth_values {
    [System.Diagnostics.DebuggerHidden()] param([string]$Id)
    $path = "$global:__codex_auth_base/codex-auth/env/$Id"
    try {
        # a pipe or a device, which could keep a reader waiting, has no length
        $file = [System.IO.FileInfo]::new($path)
        if (-not $file.Exists -or $null -ne $file.LinkTarget -or $file.Length -eq 0) { return }
        $text = [System.IO.File]::ReadAllText($path)
        $before = $global:__codex_auth_read[$path]
        if ($null -ne $before -and [string]::Equals($before['Text'], $text)) { return $before['Values'] }
    } catch {
        __codex_auth_forget $_
        $global:__codex_auth_reason = "$path cannot be read; try: codex-auth doctor"
        return
    }
    $values = @{}
    $lines = $text -csplit "`n"
    $left = $lines.Length
    $name = $value = ''
    foreach ($line in $lines) {
        $left--
        $parts = $line -csplit '=', 2
        if ($parts.Length -eq 1) { $known = $global:__codex_auth_unset_words[$line]; $value = '-' }
        else { $known = $global:__codex_auth_set_words[$parts[0]]; $value = if ($parts[1]) { "+$($parts[1])" } else { '-' } }
        if ($null -eq $known) { break }
        $name = $known
        $values[$name] = $value
    }
    $whole = $left -eq 0 -and -not $line -and $name -cmatch '\ACODEX_AUTH_LABEL\z' -and $values[$name] -cmatch '\A\+'
    $own = $null -ne $values['CODEX_HOME']
    $right = if ($Id -cmatch '\A@') { -not $own -and $null -eq $values['CODEX_SQLITE_HOME'] }
    else { $own -and $null -ne $values['CODEX_AUTH_ACCOUNT'] }
    if ($whole -and $right) {
        $global:__codex_auth_read[$path] = @{ Text = $text; Values = $values }
        return $values
    }
    $global:__codex_auth_reason = "$path is damaged; try: codex-auth sync"
}

# Puts ` !` behind the label while Codex would use something else than it says. Then it keeps what this look went by: while all of that is
# the same, the next one is done in a moment.
function global:__codex_auth_mark {
    [System.Diagnostics.DebuggerHidden()] param()
    $names = $global:__codex_auth_read_names
    $values = @(foreach ($name in $names) { [System.Environment]::GetEnvironmentVariable($name) })
    $applied = $global:__codex_auth_applied
    $label = $global:__codex_auth_label
    if (-not $applied) {
        # a login that nobody has looked at is somebody's
        $label = if ($global:__codex_auth_trusted -and $global:__codex_auth_stale) { '!' } else { [NullString]::Value }
    } elseif ($applied -cnotmatch '\.missing\z') {
        $codex = $values[1]
        $codex_home = if ($global:__codex_auth_home) { $global:__codex_auth_home } else { $global:__codex_auth_base }
        $right = [string]::Equals($codex, $codex_home)
        if (-not $right -and -not $global:__codex_auth_home) {
            $asked = "$codex`n$($values[2])"
            $right = [string]::Equals($asked, $global:__codex_auth_same_home) -or (__codex_auth_same $codex)
            if ($right) { $global:__codex_auth_same_home = $asked }
        }
        if ($global:__codex_auth_stale -and $applied -cmatch '\A@') { $right = $false }
        for ($i = 4; $right -and $i -lt $values.Length; $i++) { if ($values[$i]) { $right = $false } }
        if (-not $right) { $label = "$label !" }
    }
    if (-not [string]::Equals($label, $values[0])) {
        $name = 'CODEX_AUTH_LABEL'
        [System.Environment]::SetEnvironmentVariable($name, $label)
        $values[0] = [System.Environment]::GetEnvironmentVariable($name)
    }
    if ($null -eq $global:__codex_auth_looked -or $global:__codex_auth_token -cnotmatch '\A[0-9a-z]+\z') { return }
    $settled = $global:__codex_auth_looked
    $settled['Path'] = $global:__codex_auth_path
    $settled['Now'] = "$global:__codex_auth_base/codex-auth/now/$global:__codex_auth_token"
    $settled['Names'] = $names
    $settled['Values'] = $values
    $global:__codex_auth_settled = $settled
}

# Takes a CODEX_HOME, which may be unset; does it lead to the base home?
function global:__codex_auth_same {
    [System.Diagnostics.DebuggerHidden()] param([string]$Path)
    if (-not $Path) {
        $Path = [System.Environment]::GetEnvironmentVariable('HOME')
        if (-not $Path) { $Path = $HOME }
        $Path = "$Path/.codex"
    }
    $base = $global:__codex_auth_base
    if ([string]::Equals($Path, $base)) { return $true }
    if ($IsWindows) { return [System.IO.Path]::GetFullPath($Path).Equals([System.IO.Path]::GetFullPath($base), 'OrdinalIgnoreCase') }
    return $Path -cmatch '\A/' -and [string]::Equals((__codex_auth_physical $Path), (__codex_auth_physical $base))
}

# Runs `codex-auth sync` when a login is not the one that the program has seen, and looks again. One state is tried once. Where the
# account home of here has another login and sync leaves it so, that home is closed: Codex must stop, not bill somebody else.
function global:__codex_auth_reconcile {
    [System.Diagnostics.DebuggerHidden()] param()
    # what was right here before, for this account, and is as it was (the hook has the same lines: a call costs more than they)
    $kept = $global:__codex_auth_kept[$global:__codex_auth_judged]
    $same = $global:__codex_auth_trusted -and $null -ne $kept
    if ($same) {
        $files, $times = $kept['Files'], $kept['Times']
        for ($i = 0; $same -and $i -lt $files.Length; $i++) {
            $same = [object]::Equals([System.IO.File]::GetLastWriteTimeUtc($files[$i]), $times[$i])
        }
        $links, $targets = $kept['Links'], $kept['Targets']
        for ($i = 0; $same -and $i -lt $links.Length; $i++) {
            $same = [object]::Equals([System.IO.FileInfo]::new($links[$i]).LinkTarget, $targets[$i])
        }
    }
    if ($same) {
        $global:__codex_auth_looked = $kept
        $global:__codex_auth_foreign = $false
        $global:__codex_auth_stale = ''
    } else { $global:__codex_auth_stale = __codex_auth_stale }
    if (-not $global:__codex_auth_stale) { $global:__codex_auth_tried = '' }
    else {
        $state = "$global:__codex_auth_token$global:__codex_auth_stale"
        if (-not [string]::Equals($state, $global:__codex_auth_tried) -and (__codex_auth_owned $global:__codex_auth_base)) {
            $global:__codex_auth_tried = $state # should Ctrl-C come now
            __codex_auth_run_sync
            $global:__codex_auth_seen = $global:__codex_auth_wanted = $global:__codex_auth_witness_of = $null
            $global:__codex_auth_newest = ''
            __codex_auth_look
            $global:__codex_auth_stale = __codex_auth_stale
            $global:__codex_auth_tried = if ($global:__codex_auth_stale) { "$global:__codex_auth_token$global:__codex_auth_stale" } else { '' }
        }
    }
    $closed = if ($global:__codex_auth_foreign) { $global:__codex_auth_judged } else { '' }
    if (-not [string]::Equals($closed, $global:__codex_auth_closed)) {
        $global:__codex_auth_closed = $closed
        $global:__codex_auth_seen = $null
        __codex_auth_look
    }
}

# Returns which of the login of the base home, the registry and the login of the account home of here is not what the program has seen,
# and how each was found, or '' for none. Then it keeps all that it has looked at.
function global:__codex_auth_stale {
    [System.Diagnostics.DebuggerHidden()] param()
    $global:__codex_auth_looked = $null
    $global:__codex_auth_foreign = $false
    $base = $global:__codex_auth_base
    $ours = "$base/codex-auth"
    if (-not $global:__codex_auth_trusted) {
        # when codex-auth/ goes that has been there, somebody has ejected it
        $new = -not $global:__codex_auth_known -and [int][System.IO.FileInfo]::new($ours).Attributes -eq -1 -and [System.IO.File]::Exists("$base/auth.json")
        return $(if ($new) { ' new ' } else { '' })
    }
    $looked = @{ Files = @(); Times = @(); Links = @(); Targets = @() }
    $registry = "$ours/live/registry.json"
    if (-not [System.IO.File]::Exists($registry)) { $registry = '' }
    $why = __codex_auth_judge 'base' "$base/auth.json" $global:__codex_auth_base_witness $looked
    $why += __codex_auth_judge 'registry' "$base/accounts/registry.json" $registry $looked
    # what stands there decides on marks in env files; the mark has the time of what they were made of
    $config = __codex_auth_follow "$base/config.toml" $looked
    if ($config.LastWriteTimeUtc -gt [System.IO.File]::GetLastWriteTimeUtc("$ours/live/config")) { $why += " config $($config.LastWriteTimeUtc.Ticks)" }
    if ($global:__codex_auth_judged) {
        $own = __codex_auth_judge 'home' "$global:__codex_auth_judged/auth.json" $global:__codex_auth_witness $looked
        $global:__codex_auth_foreign = if ($own) { $true } else { $false }
        $why += $own
    }
    if (-not $why) { $global:__codex_auth_looked = $global:__codex_auth_kept[$global:__codex_auth_judged] = $looked }
    return $why
}

# Takes a path; returns the file that it leads to, and keeps that this was looked at.
function global:__codex_auth_follow {
    [System.Diagnostics.DebuggerHidden()] param([string]$Path, [hashtable]$Looked)
    $file = [System.IO.FileInfo]::new($Path)
    # a link that leads nowhere, or in a circle, is as good as none
    for ($i = 0; $null -ne $file.LinkTarget -and $i -lt 40; $i++) {
        $Looked['Links'] += $file.FullName
        $Looked['Targets'] += $file.LinkTarget
        $file = [System.IO.FileInfo]::new([System.IO.Path]::Combine($file.DirectoryName, $file.LinkTarget))
    }
    $Looked['Files'] += $file.FullName
    $Looked['Times'] += $file.LastWriteTimeUtc
    return $file
}

# Takes what a file is called, its path and its witness, which may be ''; returns '' if it is the file that the program has seen, as it
# was then, else how it was found. The registry's witness is a second name of it, so it has the same time to the tick; that of a
# login is a link. Whoever writes it leaves the times of .from and .to. The path tells whose credential it is: .NET cannot compare the files themselves.
function global:__codex_auth_judge {
    [System.Diagnostics.DebuggerHidden()] param([string]$Name, [string]$Path, [string]$Witness, [hashtable]$Looked)
    $file = __codex_auth_follow $Path $Looked
    $there = $file.Exists -and $null -eq $file.LinkTarget
    $time = $file.LastWriteTimeUtc # of 1601 when it is not there
    if (-not $Witness) { $right = -not $there } else {
        $seen = [System.IO.FileInfo]::new($Witness)
        $Looked['Files'] += $Witness
        $Looked['Times'] += $seen.LastWriteTimeUtc
        $right = $there -and $seen.Exists -and ($null -ne $seen.LinkTarget -or [object]::Equals($seen.LastWriteTimeUtc, $time)) -and
            $time -ge [System.IO.File]::GetLastWriteTimeUtc("$Witness.from") -and $time -le [System.IO.File]::GetLastWriteTimeUtc("$Witness.to")
        if ($right -and $Name -cnotmatch '\Aregistry\z' -and $seen.Name -cnotmatch '\A@') {
            $wanted = "$global:__codex_auth_base/accounts/$($seen.Name)"
            $right = [string]::Equals($file.FullName, $wanted) -or
                [string]::Equals((__codex_auth_physical $file.FullName), (__codex_auth_physical $wanted))
        }
    }
    return $(if ($right) { '' } else { " $Name $($file.FullName) $($time.Ticks)" })
}

# Not a native command of PowerShell's: that would set $LASTEXITCODE and mind $PSNativeCommandUseErrorActionPreference.
function global:__codex_auth_run_sync {
    [System.Diagnostics.DebuggerHidden()] param()
    $words = [string[]]$global:__codex_auth_program + [string[]]('sync', '--quiet')
    $start = [System.Diagnostics.ProcessStartInfo]::new($words[0])
    for ($i = 1; $i -lt $words.Length; $i++) { $start.ArgumentList.Add($words[$i]) }
    $start.Environment['CODEX_AUTH_BASE'] = $global:__codex_auth_base
    $start.WorkingDirectory = $global:__codex_auth_base
    $start.RedirectStandardInput = $start.RedirectStandardOutput = $true
    try { $process = [System.Diagnostics.Process]::Start($start) } catch {
        __codex_auth_forget $_
        $global:__codex_auth_reason = "$($words[0]) cannot be started"
        __codex_auth_tell
        return
    }
    try {
        $process.StandardInput.Close()
        [void]$process.StandardOutput.BaseStream.CopyToAsync([System.IO.Stream]::Null)
        $process.WaitForExit()
    } finally { $process.Dispose() }
}

# Tells on stderr why something is not as expected; each reason once in a shell.
function global:__codex_auth_tell {
    [System.Diagnostics.DebuggerHidden()] param()
    $reason = $global:__codex_auth_reason
    if ($null -eq $global:__codex_auth_told[$reason]) {
        $global:__codex_auth_told[$reason] = $true
        [Console]::Error.WriteLine("codex-auth: $(__codex_auth_plain $reason)")
    }
}

# Returns a text without control characters: an escape sequence in it would reach the terminal.
function global:__codex_auth_plain {
    [System.Diagnostics.DebuggerHidden()] param([string]$Text)
    return $Text -creplace '\p{Cc}', ''
}

# Takes a caught error out of $Error, which is the user's.
function global:__codex_auth_forget {
    [System.Diagnostics.DebuggerHidden()] param($Caught)
    $all = $global:Error
    if ($all.Count -and [object]::ReferenceEquals($all[0].Exception, $Caught.Exception)) { $all.RemoveAt(0) }
}

# The command: calls the program by its absolute path, takes over what `use` has chosen, then runs the hook.
# An advanced function, for only such a one can make $? false, which `codex-auth pin && codex` needs.
function global:codex-auth {
    [System.Diagnostics.DebuggerHidden()]
    [CmdletBinding(PositionalBinding = $false)]
    param([Parameter(ValueFromRemainingArguments)][object[]]$Words, [Parameter(ValueFromPipeline)][object]$Line)
    end {
        $all = [string[]](__codex_auth_words $Words)
        $call = __codex_auth_call $all.Length $MyInvocation.ExpectingInput
        $use = $null -ne $Words -and $Words.Length -and [string]::Equals([string]$Words[0], 'use')
        $kept = @{}
        # PowerShell starts a program elsewhere when this directory is gone or out of reach
        $given = @{
            CODEX_AUTH_BASE = $global:__codex_auth_base; CODEX_AUTH_SNIPPET = 'pwsh'
            PWD = $ExecutionContext.SessionState.Path.CurrentFileSystemLocation.ProviderPath
        }
        foreach ($name in $given.Keys) { $kept[$name] = [System.Environment]::GetEnvironmentVariable($name) }
        $global:LASTEXITCODE = 0
        try {
            foreach ($name in $given.Keys) { [System.Environment]::SetEnvironmentVariable($name, $given[$name]) }
            if ($use) { __codex_auth_use (& $call $all) }
            elseif ($MyInvocation.ExpectingInput) { $input | & $call $all }
            else { & $call $all }
        } finally {
            foreach ($name in $given.Keys) {
                $value = if ($null -eq $kept[$name]) { [NullString]::Value } else { $kept[$name] }
                [System.Environment]::SetEnvironmentVariable($name, $value)
            }
            # the program may have changed anything
            $global:__codex_auth_settled = $null
            $global:__codex_auth_newest = $global:__codex_auth_tried = ''
            __codex_auth_hook
        }
        if ($global:LASTEXITCODE) {
            $ErrorActionPreference = 'Ignore' # said already, by the program
            $failed = [System.Exception]::new('codex-auth failed')
            $PSCmdlet.WriteError([System.Management.Automation.ErrorRecord]::new($failed, 'codex-auth', 'NotSpecified', $null))
        }
    }
}

# Takes the words behind `codex-auth` as PowerShell hands them to a function; returns those to call the program with.
function global:__codex_auth_words {
    [System.Diagnostics.DebuggerHidden()] param([object[]]$Words)
    $all = [System.Collections.Generic.List[string]]::new([string[]]$global:__codex_auth_program)
    $first = $all.Count
    foreach ($word in $Words) {
        foreach ($part in $word) {
            $text = [string]$part
            # it expands `~` for programs, but not for functions
            if ($text -cmatch '\A~(/|\z)') { $text = $HOME + $text.Substring(1) }
            # and it has cut `-p:value` in two
            if ($all.Count -gt $first -and $all[$all.Count - 1] -cmatch '\A-[A-Za-z][\w-]*:\z') { $all[$all.Count - 1] += $text }
            else { $all.Add($text) }
        }
    }
    # and has dropped the first `--`, which belongs before the command of `exec`
    if ($all.Count -gt $first -and $all[$first].Equals('exec')) {
        $at = $first + 1
        if ($at -lt $all.Count -and $all[$at].Equals('--account')) { $at += 2 }
        elseif ($at -lt $all.Count -and $all[$at].StartsWith('--account=', [StringComparison]::Ordinal)) { $at++ }
        if ($at -lt $all.Count -and -not $all[$at].StartsWith([char]'-')) { $all.Insert($at, '--') }
    }
    return $all
}

# Returns a block that calls a program with so many words. Its code holds no word, only the place of each, between quotes:
# where PowerShell gets a list of words for a program instead, it expands `*` and `~` in them, quoted by the user or not.
function global:__codex_auth_call {
    [System.Diagnostics.DebuggerHidden()] param([int]$Count, [bool]$Piped)
    $code = if ($Piped) { 'param($all) $input | & $all[0]' } else { 'param($all) & $all[0]' }
    for ($i = 1; $i -lt $Count; $i++) { $code += " `"`$(`$all[$i])`"" }
    return [scriptblock]::Create($code)
}

# Takes what `codex-auth use` has printed: a home id or `-`; anything else is passed on.
function global:__codex_auth_use {
    [System.Diagnostics.DebuggerHidden()] param([object[]]$Lines)
    $answer = if ($null -ne $Lines -and $Lines.Length -eq 1) { [string]$Lines[0] } else { '' }
    if ($global:LASTEXITCODE -or $answer -cnotmatch '\A(-|[0-9a-f]{16})\z') { return $Lines }
    if ($answer.Equals('-')) { $answer = [NullString]::Value }
    [System.Environment]::SetEnvironmentVariable('CODEX_AUTH_USE', $answer)
}

# Takes the user's prompt function; returns one that runs the hook and writes the label before it. Each such block has its own inner one
# (a closure would do that too, and take ten times as long to make): a prompt tool that is loaded later may keep this one and be wrapped again,
# and then the outer one does the work. The label is written, not returned, so that it also stands before what the user's prompt writes
# with Write-Host. What the block calls sees its variables: so they have names of ours.
function global:__codex_auth_wrap {
    [System.Diagnostics.DebuggerHidden()] param([scriptblock]$Inner)
    $global:__codex_auth_inners = @($global:__codex_auth_inners; , $Inner)
    $block = {
        # codex-auth: prompt
        [System.Diagnostics.DebuggerHidden()] param()
        $__codex_auth_ok = $global:?
        $__codex_auth_outer = -not $global:__codex_auth_prompting
        $global:__codex_auth_prompting = $true
        try {
            if ($__codex_auth_outer -and $global:__codex_auth_hook) {
                if (-not $global:__codex_auth_prompted) {
                    $global:__codex_auth_prompted = $global:__codex_auth_fresh = $true
                    $global:__codex_auth_seen = $global:__codex_auth_settled = $null
                }
                __codex_auth_hook
            }
            if ($__codex_auth_outer -and $global:__codex_auth_prompt) { __codex_auth_show }
            $__codex_auth_inner = $global:__codex_auth_inners[0]
            if ($null -eq $__codex_auth_inner) { return }
            if (-not $__codex_auth_ok) { Write-Error ' ' -ErrorAction Ignore } # makes $? false again, and does nothing else
            & $__codex_auth_inner
        } finally { if ($__codex_auth_outer) { $global:__codex_auth_prompting = $false } }
    }
    $last = $global:__codex_auth_inners.Length - 1
    if ($last) { $block = [scriptblock]::Create(($block -creplace '_inners\[0]', "_inners[$last]")) }
    return $block
}

# Writes the label, dim, and a space; nothing without an account.
function global:__codex_auth_show {
    [System.Diagnostics.DebuggerHidden()] param()
    $label = [System.Environment]::GetEnvironmentVariable('CODEX_AUTH_LABEL')
    if ([string]::IsNullOrEmpty($label)) { return }
    $label = __codex_auth_plain $label
    $dumb = [string]::Equals([System.Environment]::GetEnvironmentVariable('TERM'), 'dumb')
    $Host.UI.Write($(if ($dumb) { "$label " } else { "$([char]27)[2m$label$([char]27)[22m " }))
}

# Hooks into the prompt and into every change of location, so that `cd work; codex` on one line has the account of work. Done
# again (the snippet loaded twice) it changes nothing; what others have hooked in keeps running.
function global:__codex_auth_install {
    [System.Diagnostics.DebuggerHidden()] param()
    $commands = $ExecutionContext.SessionState.InvokeCommand
    $others = $commands.LocationChangedAction
    if ($null -ne $others -and $null -ne $global:__codex_auth_location) {
        $others = [Delegate]::Remove($others, $global:__codex_auth_location)
        $commands.LocationChangedAction = $others
    }
    $global:__codex_auth_location = $null
    if ($global:__codex_auth_hook) {
        $commands.LocationChangedAction = {
            [System.Diagnostics.DebuggerHidden()] param()
            __codex_auth_hook
        }
        $global:__codex_auth_location = $commands.LocationChangedAction
        # ours last: what the others set in a directory they unset before ours looks
        if ($null -ne $others) { $commands.LocationChangedAction = [Delegate]::Combine($others, $global:__codex_auth_location) }
    }
    $inner = $function:prompt
    if ($inner -clike '*# codex-auth: prompt*') { return }
    if ($global:__codex_auth_hook -or $global:__codex_auth_prompt) { $function:global:prompt = __codex_auth_wrap $inner }
}

# Loaded again, maybe for another base home: look anew.
$global:__codex_auth_seen = $global:__codex_auth_settled = $null
$global:__codex_auth_trusted = $false
$global:__codex_auth_same_home = $global:__codex_auth_newest = ''
$global:__codex_auth_kept = @{}
__codex_auth_install
__codex_auth_hook
