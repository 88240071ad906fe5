# codex-auth: makes this shell use the OpenAI account of the directory it is in. PowerShell 7.2 and later.
# At the end of your profile: if ($function:__codex_auth_init = (codex-auth init pwsh) -join "`n") { . __codex_auth_init }
$global:__codex_auth_program = @('codex-auth')  # init: program
$global:__codex_auth_base = "$HOME/.codex"  # init: base
$global:__codex_auth_prompt = 1  # init: prompt
$global:__codex_auth_hook = 1  # init: hook

# All below needs PowerShell 7.2 and its .NET calls, which constrained language mode forbids. Saying so beats half a hook that leaves
# the wrong account; codex-auth itself works there too. Windows PowerShell 5.1 parses the file whole before it runs a line of it, so
# nothing in here is newer than its grammar. A warning would go to the standard output of a script.
$global:__codex_auth_old = $PSVersionTable.PSVersion -lt [version]'7.2'
$global:__codex_auth_full = "$($ExecutionContext.SessionState.LanguageMode)" -eq 'FullLanguage'
if ($global:__codex_auth_old -or -not $global:__codex_auth_full) {
    function global:codex-auth {
        $program, $words = @($global:__codex_auth_program) + $args
        if ($MyInvocation.ExpectingInput) { $input | & $program $words } else { & $program $words }
    }
    $global:__codex_auth_why = if ($global:__codex_auth_old) { 'before PowerShell 7.2' } else { 'in constrained language mode' }
    $global:__codex_auth_why += ' accounts do not follow the directory; try: codex-auth exec'
    if ($global:__codex_auth_full) { [Console]::Error.WriteLine("codex-auth: $global:__codex_auth_why") }
    else { Write-Error $global:__codex_auth_why -CategoryActivity 'codex-auth' -ErrorAction Continue }
    return
}

# Every function is DebuggerHidden: Set-PSDebug -Trace then shows neither its lines nor, at level 2, what its variables hold
# (secrets among it). Not hidden from a debugger that is attached, nor from a script that reads $global:__codex_auth_state.
# Texts are compared with [string]::Equals and .Equals: -ceq goes by the culture and takes some different texts for the same.

# What this process knows. Fresh: has not applied anything yet, and once more at the first prompt, whatever the profile has
# exported meanwhile. Adopted: has looked what its parent left. Seen: what the last look was at. Wanted: what was applied then.
# Generation: the text that the token is in, which holds while the file Newest is there.
# Settled: all that it went by, when it left nothing to do. Tried: the sync tried last. Told: what has been said.
# Applied (home id, `@default`, `<home id>.missing` or ''), Home (the account home) and Label: what is in force.
# Judged: the account home of there, and Witness what its login is judged by; BaseWitness: the same for the base home, read for the
# token WitnessOf. Kept: by account home, what a look went by that found all right at that token. Stale: which logins are not those that
# the program has seen; Foreign: that of the account home is not. Closed: a home
# that sync has left so.
# Old and Set: of each variable of the user's what he had and what was set, `-` (unset) or `+value`. Touched: those that he has
# changed since. SameHome: a CODEX_HOME that was found to lead to the base home.
if ($null -eq $ExecutionContext.SessionState.PSVariable.Get('global:__codex_auth_state')) {
    $global:__codex_auth_state = @{
        Running = $false; Prompting = $false; Prompted = $false; Location = $null
        Fresh = $true; Adopted = $false; Known = $false; Seen = $null; Wanted = $null; Settled = $null; Looked = $null; Tried = ''; Reason = ''
        Token = ''; Generation = ''; Newest = ''; Path = ''; Announce = $false; Trusted = $false; SameHome = ''
        Applied = ''; Home = ''; Label = ''
        Judged = ''; Witness = ''; BaseWitness = ''; WitnessOf = $null; Stale = ''; Foreign = $false; Closed = ''
        Old = [System.Collections.Generic.Dictionary[string, string]]::new()
        Set = [System.Collections.Generic.Dictionary[string, string]]::new()
        Touched = [System.Collections.Generic.HashSet[string]]::new()
        Kept = $null
        Told = [System.Collections.Generic.HashSet[string]]::new()
    }
}
$global:__codex_auth_names = @{
    Managed = [string[]]('CODEX_HOME', 'CODEX_SQLITE_HOME', 'OPENAI_API_KEY')
    Shown = [string[]]('CODEX_AUTH_ACCOUNT', 'CODEX_AUTH_EMAIL', 'CODEX_AUTH_PLAN', 'CODEX_AUTH_LABEL')
    Secret = [string[]]('OPENAI_API_KEY', 'CODEX_API_KEY', 'CODEX_ACCESS_TOKEN')
    # With one of these set, Codex bills another account or organization than its CODEX_HOME says.
    Stray = [string[]]('CODEX_API_KEY', 'CODEX_ACCESS_TOKEN', 'CODEX_AUTHAPI_BASE_URL', 'OPENAI_FEDERATION_RULE_ID',
        'OPENAI_IDENTITY_TOKEN_FILE', 'OPENAI_ORGANIZATION', 'OPENAI_PROJECT')
}
$global:__codex_auth_names.Managed += $global:__codex_auth_names.Stray
# What an env file may name. The last is no variable, but the witness of the login that the file tells of.
$global:__codex_auth_names.File = $global:__codex_auth_names.Managed + $global:__codex_auth_names.Shown + 'CODEX_AUTH_CREDENTIAL'
# What a look goes by beside the directory and files.
$global:__codex_auth_names.Read = [string[]]('CODEX_AUTH_USE', 'CODEX_AUTH_LABEL', 'CODEX_HOME', 'HOME') + $global:__codex_auth_names.Stray

# The hook: runs when the location changes and before each prompt. Starts no process but for a sync, prints nothing to stdout.
# Nearly always all is as the last look has seen it. That is found out right here: one call of a function costs a third of it.
function global:__codex_auth_hook {
    [System.Diagnostics.DebuggerHidden()] param()
    $state = $global:__codex_auth_state
    if ($state.Running) { return }
    $state.Running = $true
    try {
        $settled = $state.Settled
        $same = $null -ne $settled -and $settled.Path.Equals($ExecutionContext.SessionState.Path.CurrentFileSystemLocation.Path)
        try {
            if ($same) {
                for ($i = 0; $same -and $i -lt $settled.Names.Length; $i++) {
                    $same = [object]::Equals([System.Environment]::GetEnvironmentVariable($settled.Names[$i]), $settled.Values[$i])
                }
                for ($i = 0; $same -and $i -lt $settled.Files.Length; $i++) {
                    $same = $settled.Times[$i].Equals([System.IO.File]::GetLastWriteTimeUtc($settled.Files[$i]))
                }
                for ($i = 0; $same -and $i -lt $settled.Links.Length; $i++) {
                    $same = [object]::Equals([System.IO.FileInfo]::new($settled.Links[$i]).LinkTarget, $settled.Targets[$i])
                }
            }
            # there while the token is the newest: times alone are too coarse to tell
            if ($same) { $same = [System.IO.File]::Exists($settled.Now) }
        } catch { __codex_auth_forget $_; $same = $false }
        if ($same) { return }
        $state.Settled = $null
        __codex_auth_look
        __codex_auth_reconcile
        __codex_auth_mark
        __codex_auth_settle
    } catch {
        __codex_auth_forget $_
        $state.Seen = $null
        $state.Reason = "the hook failed: $($_.Exception.Message)"
        __codex_auth_tell
    } finally { $state.Running = $false }
}

# Looks whether directory, token or override have changed; if so, applies the account of there unless it is in force.
function global:__codex_auth_look {
    [System.Diagnostics.DebuggerHidden()] param()
    $state = $global:__codex_auth_state
    $ours = "$global:__codex_auth_base/codex-auth"
    # what was read last holds while the file is there that is named by its token
    if (-not $state.Newest.Length -or -not [System.IO.File]::Exists($state.Newest)) { __codex_auth_generation $ours }
    $text = $state.Generation
    $use = [System.Environment]::GetEnvironmentVariable('CODEX_AUTH_USE')
    # Where a child process would start: in `Env:` and the like it is the directory that was left last.
    $here = $ExecutionContext.SessionState.Path.CurrentFileSystemLocation
    $path = $here.Path
    $state.Path = $path
    $seen = "$ours`n$path`n$use`n$text"
    if ([string]::Equals($seen, $state.Seen)) { return }
    $state.Reason = ''
    $token, $word, $null = $text.Split([char]10, 3)
    $state.Announce = [string]::Equals($word, 'announce')
    if (-not $state.Trusted -or -not [string]::Equals($state.Token, $token)) {
        $state.Trusted = [System.IO.Directory]::Exists($ours) -and (__codex_auth_owned $ours)
        if ($state.Trusted) { $state.Known = $true }
    }
    $state.Token = $token
    # on a drive like Temp: the path is another one, but takes 45 us to get
    if (-not $path.StartsWith([char]'/')) { $path = $here.ProviderPath }
    try { $source, $id = __codex_auth_resolve $path $use } catch {
        __codex_auth_forget $_
        $source, $id = 'pin', '0000000000000000'
        $state.Reason = "the account of $path cannot be told: $($_.Exception.Message)"
    }
    $wanted = "$id $token $global:__codex_auth_base $($state.Closed)"
    if ($state.Fresh -or -not [string]::Equals($wanted, $state.Wanted)) {
        $state.Wanted = $null # should Ctrl-C come now, the next prompt does it again
        __codex_auth_apply $id
        $state.Wanted = $wanted
    }
    if ($state.Applied.Length -eq 0) { $source = [NullString]::Value }
    [System.Environment]::SetEnvironmentVariable('CODEX_AUTH_SOURCE', $source)
    $state.Fresh = $false
    if (-not [string]::Equals("$ours`n$text", $state.WitnessOf)) {
        # while an account is in force too: it is the login of the base home that others change
        $named = (__codex_auth_text "$ours/env/@default") -cmatch '(?m)^CODEX_AUTH_CREDENTIAL=(.+)$'
        $state.BaseWitness = if ($named -and $state.Trusted) { $Matches[1] } else { '' }
        $state.WitnessOf = "$ours`n$text"
        $state.Kept.Clear()
    }
    $state.Seen = $seen
    if ($state.Reason.Length) { __codex_auth_tell }
}

# Takes the directory of ours; reads which token is the newest, and whether changes are to be told.
function global:__codex_auth_generation {
    [System.Diagnostics.DebuggerHidden()] param([string]$Ours)
    $state = $global:__codex_auth_state
    $state.Newest = $state.Generation = ''
    try {
        # a pipe or a device, which could keep a reader waiting, has no length
        $file = [System.IO.FileInfo]::new("$Ours/generation")
        if (-not $file.Exists -or $file.Length -eq 0 -or $null -ne $file.LinkTarget) { return }
        $state.Generation = [System.IO.File]::ReadAllText($file.FullName)
    } catch { __codex_auth_forget $_ }
    if ($state.Generation -cmatch '\A([0-9a-z]+)(\n|\z)') { $state.Newest = "$Ours/now/$($Matches[1])" }
}

# Keeps what this look went by: while all of that is the same, the next one is done in a moment.
function global:__codex_auth_settle {
    [System.Diagnostics.DebuggerHidden()] param()
    $state = $global:__codex_auth_state
    if ($null -eq $state.Looked -or $state.Token -cnotmatch '\A[0-9a-z]+\z') { return }
    $names = $global:__codex_auth_names.Read
    $values = [object[]]::new($names.Length)
    for ($i = 0; $i -lt $names.Length; $i++) { $values[$i] = [System.Environment]::GetEnvironmentVariable($names[$i]) }
    $settled = $state.Looked
    $settled.Path = $state.Path
    $settled.Now = "$global:__codex_auth_base/codex-auth/now/$($state.Token)"
    $settled.Names = $names
    $settled.Values = $values
    $state.Settled = $settled
}

# Takes the directory and CODEX_AUTH_USE; returns the source and the home id: the override, else the deepest pin of the
# physical path, else that of the repository a linked worktree belongs to, else the default account.
function global:__codex_auth_resolve {
    [System.Diagnostics.DebuggerHidden()] param([string]$Here, [string]$Use)
    if ($Use.Length) {
        if ($Use -cmatch '\A[0-9a-f]{16}\z') { return 'use', $Use }
        $global:__codex_auth_state.Reason = 'CODEX_AUTH_USE names no account; try: codex-auth use -'
        return 'use', '0000000000000000'
    }
    if (-not $global:__codex_auth_state.Trusted) { return '', '' }
    if ($Here.StartsWith([char]'/')) {
        $path = __codex_auth_physical $Here
        $id = __codex_auth_pin $path
        if (-not $id) {
            $path = __codex_auth_repository $path
            if ($null -ne $path) { $id = __codex_auth_pin $path }
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
                $global:__codex_auth_state.Reason = "the pin $file is damaged; try: codex-auth pin"
                return '0000000000000000'
            }
        } catch [System.IO.PathTooLongException] {
            __codex_auth_forget $_ # such a path cannot be pinned, one above it can
        } catch {
            __codex_auth_forget $_
            $global:__codex_auth_state.Reason = "the pin $file cannot be read; try: codex-auth doctor"
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

# Takes a physical path; returns that of the repository if it lies in one of its linked worktrees, else nothing. The repository
# has to name the worktree in turn: else any `.git` file from a stranger could pick an account.
function global:__codex_auth_repository {
    [System.Diagnostics.DebuggerHidden()] param([string]$Path)
    while ($Path.Length) {
        $line = if ([System.IO.File]::Exists("$Path/.git")) { __codex_auth_line "$Path/.git" } else { '' }
        if ($line -cmatch '\Agitdir: (.*/worktrees/[^/]+)\z') {
            $git = $Matches[1]
            $git = __codex_auth_physical $(if ($git.StartsWith([char]'/')) { $git } else { "$Path/$git" })
            $back = __codex_auth_line "$git/gitdir"
            if ($back.Length -and -not $back.StartsWith([char]'/')) { $back = "$git/$back" }
            if ([string]::Equals((__codex_auth_physical $back), "$Path/.git")) {
                if ($git -cmatch '\A(.*?)(/\.git)?/worktrees/[^/]+\z') { return $Matches[1] }
            }
        }
        $Path = $Path.Substring(0, $Path.LastIndexOf([char]'/'))
    }
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
        $global:__codex_auth_state.Reason = "$Path belongs to another user and is ignored"
    } catch {
        __codex_auth_forget $_
        $global:__codex_auth_state.Reason = "the owner of $Path cannot be told, so it is ignored"
    }
    return $false
}

# Takes a home id, `@default`, or '' for no account; gives the user's variables back, then sets those of the account.
function global:__codex_auth_apply {
    [System.Diagnostics.DebuggerHidden()] param([string]$Id)
    $state = $global:__codex_auth_state
    $before = $state.Applied
    if (-not $state.Adopted) { __codex_auth_adopt }
    __codex_auth_restore
    if ($Id.Length) {
        $values = if ($state.Trusted) { __codex_auth_values $Id } else { $null }
        if ($null -ne $values -and $values.ContainsKey('CODEX_HOME')) {
            $state.Judged = $values['CODEX_HOME'].Substring(1)
            $state.Witness = if ($values.ContainsKey('CODEX_AUTH_CREDENTIAL')) { $values['CODEX_AUTH_CREDENTIAL'].Substring(1) } else { '' }
            if ($state.Judged.Equals($state.Closed)) {
                $values = $null
                $state.Reason = "$($state.Judged)/auth.json is not the login that codex-auth knows; try: codex-auth sync"
            }
        }
        if ($null -eq $values -and -not $Id.Equals('@default')) {
            # a CODEX_HOME that does not exist stops Codex, where the default account would be billed instead
            $Id = "$Id.missing"
            $values = [System.Collections.Generic.Dictionary[string, string]]::new()
            $values['CODEX_HOME'] = "+$global:__codex_auth_base/codex-auth/homes/$Id"
            foreach ($name in $global:__codex_auth_names.Stray) { $values[$name] = '-' }
            $values['CODEX_AUTH_LABEL'] = '+missing account'
        }
        if ($null -ne $values) { __codex_auth_set $Id $values $before }
    }
    if ($state.Announce -and -not $state.Fresh -and -not $before.Equals($state.Applied) -and -not [Console]::IsErrorRedirected) {
        $news = if ($state.Applied.Length) { "now $(__codex_auth_plain $state.Label)" } else { 'no account' }
        [Console]::Error.WriteLine("codex-auth: $news")
    }
}

# Takes what is to be in force, its variables (each `-`, unset, or `+value`), and what was in force before; sets the variables,
# and keeps what the user had. While the account stays the same, what he has changed is his.
function global:__codex_auth_set {
    [System.Diagnostics.DebuggerHidden()]
    param([string]$Applied, [System.Collections.Generic.Dictionary[string, string]]$Values, [string]$Before)
    $state = $global:__codex_auth_state
    $default = $Applied.Equals('@default')
    $same = -not $state.Fresh -and $Applied.Equals($Before)
    [System.Environment]::SetEnvironmentVariable('_CODEX_AUTH_APPLIED', $Applied)
    foreach ($name in $Values.Keys) {
        if ($name.Equals('CODEX_AUTH_CREDENTIAL')) { continue } # no variable: it names the login that this is told of
        $new = $Values[$name]
        if (-not $name.StartsWith('CODEX_AUTH_', [StringComparison]::Ordinal)) {
            $now = [System.Environment]::GetEnvironmentVariable($name)
            $now = if ($null -eq $now) { '-' } else { "+$now" }
            if ($default -and $now.Length -gt 1) { continue }
            # kept before the change: after a Ctrl-C in between, giving back finds a value that is not ours and leaves it
            $state.Old[$name] = $now
            $state.Set[$name] = $new
            if ($now.Equals($new) -or ($same -and $state.Touched.Contains($name))) { continue }
            if ([Array]::IndexOf($global:__codex_auth_names.Secret, $name) -lt 0) {
                [System.Environment]::SetEnvironmentVariable("_CODEX_AUTH_OLD_$name", $now)
                [System.Environment]::SetEnvironmentVariable("_CODEX_AUTH_SET_$name", $new)
            }
        }
        # $null would arrive as '', which .NET 9 sets and earlier ones unset
        $value = if ($new.Equals('-')) { [NullString]::Value } else { $new.Substring(1) }
        [System.Environment]::SetEnvironmentVariable($name, $value)
    }
    $state.Applied = $Applied
    $state.Label = $Values['CODEX_AUTH_LABEL'].Substring(1)
    $state.Home = if ($Values.ContainsKey('CODEX_HOME')) { $Values['CODEX_HOME'].Substring(1) } else { '' }
}

# Gives back what the user had: of each variable that still holds what was set. One that he has changed since is his.
function global:__codex_auth_restore {
    [System.Diagnostics.DebuggerHidden()] param()
    $state = $global:__codex_auth_state
    $unset = [NullString]::Value
    $state.Touched.Clear()
    foreach ($name in $global:__codex_auth_names.Managed) {
        if ($state.Set.ContainsKey($name)) { $set = $state.Set[$name]; $old = $state.Old[$name] }
        elseif (-not $state.Fresh) { continue }
        else {
            # set by the shell that has started this one
            $set = [System.Environment]::GetEnvironmentVariable("_CODEX_AUTH_SET_$name")
            $old = [System.Environment]::GetEnvironmentVariable("_CODEX_AUTH_OLD_$name")
            if ([string]::IsNullOrEmpty($set)) { continue }
        }
        $now = [System.Environment]::GetEnvironmentVariable($name)
        $now = if ($null -eq $now) { '-' } else { "+$now" }
        if (-not $now.Equals($set)) { [void]$state.Touched.Add($name) }
        elseif (-not $now.Equals($old)) {
            $old = if ([string]::IsNullOrEmpty($old) -or $old.Equals('-')) { $unset } else { $old.Substring(1) }
            [System.Environment]::SetEnvironmentVariable($name, $old)
        }
        [void]$state.Set.Remove($name)
        [void]$state.Old.Remove($name)
        [System.Environment]::SetEnvironmentVariable("_CODEX_AUTH_SET_$name", $unset)
        [System.Environment]::SetEnvironmentVariable("_CODEX_AUTH_OLD_$name", $unset)
    }
    foreach ($name in $global:__codex_auth_names.Shown) { [System.Environment]::SetEnvironmentVariable($name, $unset) }
    [System.Environment]::SetEnvironmentVariable('_CODEX_AUTH_APPLIED', $unset)
    $state.Applied = $state.Home = $state.Label = $state.Judged = $state.Witness = ''
}

# In a new process, an API key that the parent shell has set is ours, not the user's; what was before it is not known.
function global:__codex_auth_adopt {
    [System.Diagnostics.DebuggerHidden()] param()
    $state = $global:__codex_auth_state
    $applied = [System.Environment]::GetEnvironmentVariable('_CODEX_AUTH_APPLIED')
    $key = [System.Environment]::GetEnvironmentVariable('OPENAI_API_KEY')
    $state.Adopted = $true
    if (-not $state.Trusted -or [string]::IsNullOrEmpty($key)) { return }
    if ($applied -cnotmatch '\A([0-9a-f]{16}|@default)\z') { return }
    $values = __codex_auth_values $applied
    if ($null -eq $values -or -not $values.ContainsKey('OPENAI_API_KEY')) { return }
    if (-not $values['OPENAI_API_KEY'].Equals("+$key")) { return }
    $state.Old['OPENAI_API_KEY'] = '-'
    $state.Set['OPENAI_API_KEY'] = "+$key"
}

# Takes the name of an env file; returns its variables, each `-` (unset) or `+value`. Nothing when it is missing, empty or
# damaged: an unknown name, or no label in the last line, or no newline behind it, for then it may have been cut off.
function global:__codex_auth_values {
    [System.Diagnostics.DebuggerHidden()] param([string]$Id)
    $names = $global:__codex_auth_names
    $path = "$global:__codex_auth_base/codex-auth/env/$Id"
    try {
        # a pipe or a device, which could keep a reader waiting, has no length
        $file = [System.IO.FileInfo]::new($path)
        if (-not $file.Exists -or $null -ne $file.LinkTarget -or $file.Length -eq 0) { return }
        $text = [System.IO.File]::ReadAllText($path)
    } catch {
        __codex_auth_forget $_
        $global:__codex_auth_state.Reason = "$path cannot be read; try: codex-auth doctor"
        return
    }
    $lines = $text.Split([char]10)
    $values = [System.Collections.Generic.Dictionary[string, string]]::new()
    $name = $value = ''
    for ($i = 0; $i -lt $lines.Length - 1; $i++) {
        $line = $lines[$i]
        $at = $line.IndexOf([char]'=')
        if ($line.StartsWith([char]'-')) { $name = $line.Substring(1); $value = '-' }
        elseif ($at -gt 0) { $name = $line.Substring(0, $at); $value = '+' + $line.Substring($at + 1) }
        else { break }
        if ([Array]::IndexOf($names.File, $name) -lt 0) { break }
        $values[$name] = if ($value.Length -eq 1) { '-' } else { $value }
    }
    $read = $i -eq $lines.Length - 1 -and $lines[$i].Length -eq 0
    $whole = $read -and $name.Equals('CODEX_AUTH_LABEL') -and $value.Length -gt 1
    $own = $values.ContainsKey('CODEX_HOME')
    $right = if ($Id.Equals('@default')) { -not $own -and -not $values.ContainsKey('CODEX_SQLITE_HOME') }
    else { $own -and $values.ContainsKey('CODEX_AUTH_ACCOUNT') }
    if ($whole -and $right) { return $values }
    $global:__codex_auth_state.Reason = "$path is damaged; try: codex-auth sync"
}

# Puts ` !` behind the label while Codex would use something else than it says.
function global:__codex_auth_mark {
    [System.Diagnostics.DebuggerHidden()] param()
    $state = $global:__codex_auth_state
    $label = $state.Label
    if ($state.Applied.Length -eq 0) {
        # a login that nobody has looked at is somebody's
        $label = if ($state.Trusted -and $state.Stale.Length) { '!' } else { [NullString]::Value }
        [System.Environment]::SetEnvironmentVariable('CODEX_AUTH_LABEL', $label)
        return
    }
    if (-not $state.Applied.EndsWith('.missing', [StringComparison]::Ordinal)) {
        $codex = [System.Environment]::GetEnvironmentVariable('CODEX_HOME')
        $right = [string]::Equals($codex, $(if ($state.Home.Length) { $state.Home } else { $global:__codex_auth_base }))
        if (-not $right -and $state.Home.Length -eq 0) { $right = __codex_auth_same $codex }
        if ($state.Stale.Length -and $state.Applied.Equals('@default')) { $right = $false }
        foreach ($name in $global:__codex_auth_names.Stray) {
            if (-not [string]::IsNullOrEmpty([System.Environment]::GetEnvironmentVariable($name))) { $right = $false; break }
        }
        if (-not $right) { $label = "$label !" }
    }
    if (-not [string]::Equals($label, [System.Environment]::GetEnvironmentVariable('CODEX_AUTH_LABEL'))) {
        [System.Environment]::SetEnvironmentVariable('CODEX_AUTH_LABEL', $label)
    }
}

# Takes a CODEX_HOME, which may be unset; does it lead to the base home?
function global:__codex_auth_same {
    [System.Diagnostics.DebuggerHidden()] param([string]$Path)
    if ($Path.Length -eq 0) {
        $Path = [System.Environment]::GetEnvironmentVariable('HOME')
        if ($Path.Length -eq 0) { $Path = $HOME }
        $Path = "$Path/.codex"
    }
    $base = $global:__codex_auth_base
    $known = $global:__codex_auth_state.SameHome
    if ($Path.Equals($base) -or $Path.Equals($known)) { return $true }
    $same = if ($IsWindows) {
        [System.IO.Path]::GetFullPath($Path).Equals([System.IO.Path]::GetFullPath($base), 'OrdinalIgnoreCase')
    } else {
        $Path.StartsWith([char]'/') -and [string]::Equals((__codex_auth_physical $Path), (__codex_auth_physical $base))
    }
    if ($same) { $global:__codex_auth_state.SameHome = $Path }
    return $same
}

# Runs `codex-auth sync` when a login is not the one that the program has seen, and looks again. One state is tried once. Where the
# account home of here has another login and sync leaves it so, that home is closed: Codex must stop, not bill somebody else.
function global:__codex_auth_reconcile {
    [System.Diagnostics.DebuggerHidden()] param()
    $state = $global:__codex_auth_state
    $state.Stale = __codex_auth_stale
    if ($state.Stale.Length -eq 0) { $state.Tried = '' }
    elseif (-not [string]::Equals("$($state.Token)$($state.Stale)", $state.Tried) -and (__codex_auth_owned $global:__codex_auth_base)) {
        $state.Tried = "$($state.Token)$($state.Stale)" # should Ctrl-C come now
        __codex_auth_run_sync
        $state.Seen = $state.Wanted = $state.WitnessOf = $null
        $state.Newest = ''
        __codex_auth_look
        $state.Stale = __codex_auth_stale
        $state.Tried = if ($state.Stale.Length) { "$($state.Token)$($state.Stale)" } else { '' }
    }
    $closed = if ($state.Foreign) { $state.Judged } else { '' }
    if (-not $closed.Equals($state.Closed)) {
        $state.Closed = $closed
        $state.Seen = $null
        __codex_auth_look
    }
}

# Returns which of the login of the base home, the registry and the login of the account home of here is not what the program has seen,
# and how each was found, or '' for none. Then it keeps all that it has looked at.
function global:__codex_auth_stale {
    [System.Diagnostics.DebuggerHidden()] param()
    $state = $global:__codex_auth_state
    $state.Looked = $null
    $state.Foreign = $false
    $base = $global:__codex_auth_base
    $ours = "$base/codex-auth"
    if (-not $state.Trusted) {
        # when codex-auth/ goes that has been there, somebody has ejected it
        $new = -not $state.Known -and [int][System.IO.FileInfo]::new($ours).Attributes -eq -1 -and [System.IO.File]::Exists("$base/auth.json")
        return $(if ($new) { ' new ' } else { '' })
    }
    # what was right here before, for this account, and is as it was
    $kept = $null
    if ($state.Kept.TryGetValue($state.Judged, [ref]$kept) -and (__codex_auth_unchanged $kept)) {
        $state.Looked = $kept
        return ''
    }
    $looked = @{ Files = @(); Times = @(); Links = @(); Targets = @() }
    $registry = "$ours/live/registry.json"
    if (-not [System.IO.File]::Exists($registry)) { $registry = '' }
    $why = __codex_auth_judge 'base' "$base/auth.json" $state.BaseWitness $looked
    $why += __codex_auth_judge 'registry' "$base/accounts/registry.json" $registry $looked
    # what stands there decides on marks in env files; the mark has the time of what they were made of
    $config = __codex_auth_follow "$base/config.toml" $looked
    if ($config.LastWriteTimeUtc -gt [System.IO.File]::GetLastWriteTimeUtc("$ours/live/config")) { $why += " config $($config.LastWriteTimeUtc.Ticks)" }
    if ($state.Judged.Length) {
        $own = __codex_auth_judge 'home' "$($state.Judged)/auth.json" $state.Witness $looked
        $state.Foreign = $own.Length -gt 0
        $why += $own
    }
    if ($why.Length -eq 0) { $state.Looked = $state.Kept[$state.Judged] = $looked }
    return $why
}

# Takes a path; returns the file that it leads to, and keeps that this was looked at.
function global:__codex_auth_follow {
    [System.Diagnostics.DebuggerHidden()] param([string]$Path, [hashtable]$Looked)
    $file = [System.IO.FileInfo]::new($Path)
    # a link that leads nowhere, or in a circle, is as good as none
    for ($i = 0; $null -ne $file.LinkTarget -and $i -lt 40; $i++) {
        $Looked.Links += $file.FullName
        $Looked.Targets += $file.LinkTarget
        $file = [System.IO.FileInfo]::new([System.IO.Path]::Combine($file.DirectoryName, $file.LinkTarget))
    }
    $Looked.Files += $file.FullName
    $Looked.Times += $file.LastWriteTimeUtc
    return $file
}

# Takes what a look has kept; returns whether its files and links are as they were then. (The hook has the same lines, as a call costs.)
function global:__codex_auth_unchanged {
    [System.Diagnostics.DebuggerHidden()] param([hashtable]$Looked)
    $files, $times, $links, $targets = $Looked.Files, $Looked.Times, $Looked.Links, $Looked.Targets
    for ($i = 0; $i -lt $files.Length; $i++) {
        if (-not $times[$i].Equals([System.IO.File]::GetLastWriteTimeUtc($files[$i]))) { return $false }
    }
    for ($i = 0; $i -lt $links.Length; $i++) {
        if (-not [object]::Equals([System.IO.FileInfo]::new($links[$i]).LinkTarget, $targets[$i])) { return $false }
    }
    return $true
}

# Takes what a file is called, its path and its witness, which may be ''; returns '' if it is the file that the program has seen, as it
# was then, else how it was found. The registry's witness is a second name of it, so it has the same time to the tick; that of a
# login is a link. Whoever writes it leaves the times of .from and .to. The path tells whose credential it is: .NET cannot compare the files themselves.
function global:__codex_auth_judge {
    [System.Diagnostics.DebuggerHidden()] param([string]$Name, [string]$Path, [string]$Witness, [hashtable]$Looked)
    $file = __codex_auth_follow $Path $Looked
    $there = $file.Exists -and $null -eq $file.LinkTarget
    $time = $file.LastWriteTimeUtc # of 1601 when it is not there
    if ($Witness.Length -eq 0) { $right = -not $there } else {
        $seen = [System.IO.FileInfo]::new($Witness)
        $Looked.Files += $Witness
        $Looked.Times += $seen.LastWriteTimeUtc
        $right = $there -and $seen.Exists -and ($null -ne $seen.LinkTarget -or $seen.LastWriteTimeUtc.Equals($time)) -and
            $time -ge [System.IO.File]::GetLastWriteTimeUtc("$Witness.from") -and $time -le [System.IO.File]::GetLastWriteTimeUtc("$Witness.to")
        if ($right -and $Name.Equals('registry') -eq $false -and -not $seen.Name.StartsWith([char]'@')) {
            $wanted = "$global:__codex_auth_base/accounts/$($seen.Name)"
            $right = $file.FullName.Equals($wanted) -or
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
        $global:__codex_auth_state.Reason = "$($words[0]) cannot be started"
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
    $reason = $global:__codex_auth_state.Reason
    if ($global:__codex_auth_state.Told.Add($reason)) {
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
        $given = @{ CODEX_AUTH_BASE = $global:__codex_auth_base; CODEX_AUTH_SNIPPET = 'pwsh' }
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
            $global:__codex_auth_state.Settled = $null
            $global:__codex_auth_state.Newest = $global:__codex_auth_state.Tried = ''
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

# Takes the user's prompt function; returns one that runs the hook and writes the label before it. The block keeps its own
# inner one: a prompt tool that is loaded later may keep this one and be wrapped again, and then the outer one does the work.
# The label is written, not returned, so that it also stands before what the user's prompt writes with Write-Host.
function global:__codex_auth_wrap {
    [System.Diagnostics.DebuggerHidden()] param([scriptblock]$Inner)
    return {
        # codex-auth: prompt
        [System.Diagnostics.DebuggerHidden()] param()
        $ok = $global:?
        $outer = -not $global:__codex_auth_state.Prompting
        $global:__codex_auth_state.Prompting = $true
        try {
            if ($outer -and $global:__codex_auth_hook) {
                if (-not $global:__codex_auth_state.Prompted) {
                    $global:__codex_auth_state.Prompted = $global:__codex_auth_state.Fresh = $true
                    $global:__codex_auth_state.Seen = $global:__codex_auth_state.Settled = $null
                }
                __codex_auth_hook
            }
            if ($outer -and $global:__codex_auth_prompt) { __codex_auth_show }
            if ($null -eq $Inner) { return }
            if (-not $ok) { Write-Error ' ' -ErrorAction Ignore } # makes $? false again, and does nothing else
            & $Inner
        } finally { if ($outer) { $global:__codex_auth_state.Prompting = $false } }
    }.GetNewClosure()
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
    $state = $global:__codex_auth_state
    $commands = $ExecutionContext.SessionState.InvokeCommand
    $others = [Delegate]::Remove($commands.LocationChangedAction, $state.Location)
    $state.Location = $null
    if ($global:__codex_auth_hook) {
        $state.Location = [EventHandler[System.Management.Automation.LocationChangedEventArgs]] {
            [System.Diagnostics.DebuggerHidden()] param()
            __codex_auth_hook
        }
    }
    # ours last: what the others set in a directory they unset before ours looks
    $commands.LocationChangedAction = [Delegate]::Combine($others, $state.Location)
    $prompt = $commands.GetCommand('prompt', 'Function')
    $inner = if ($null -ne $prompt) { $prompt.ScriptBlock } else { $null }
    if ("$inner".Contains('# codex-auth: prompt')) { return }
    if ($global:__codex_auth_hook -or $global:__codex_auth_prompt) { $function:global:prompt = __codex_auth_wrap $inner }
}

# Loaded again, maybe for another base home: look anew.
$global:__codex_auth_state.Seen = $global:__codex_auth_state.Settled = $null
$global:__codex_auth_state.Trusted = $false
$global:__codex_auth_state.SameHome = $global:__codex_auth_state.Newest = ''
$global:__codex_auth_state.Kept = [System.Collections.Generic.Dictionary[string, object]]::new()
__codex_auth_install
__codex_auth_hook
