# SPDX-License-Identifier: MIT
# Completion of ./aramid for bash: `. tools/completion.bash`. Commands, options and the words that
# they take are read off the help texts, which so stay the one place that has them.

_aramid_words() {
	local door=$1 command=$2
	"$door" help "$command" 2>/dev/null | grep -oE -- '(^|[[:space:][({])--[a-z-]+' | tr -d ' \t[({' | sort -u
	case $command in
	run | boot | build | debug) echo fortress balanced performance ludicrous ;;
	test) "$door" test --list 2>/dev/null ;;
	prove) sed -nE 's/^([a-z_]+) +\|.*/\1/p' "$(dirname "$door")/frama/targets.list"; echo flow ;;
	esac
}

_aramid() {
	local door=${COMP_WORDS[0]} word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
	local commands
	commands=$("$door" help 2>/dev/null | sed -nE 's/^  ([a-z]+) .*/\1/p')
	if [ "$COMP_CWORD" -eq 1 ] || [ "${COMP_WORDS[1]}" = help ]; then
		mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$word")
		return
	fi
	case $before in
	--profile) mapfile -t COMPREPLY < <(compgen -W "fortress balanced performance ludicrous" -- "$word") ;;
	--compiler) mapfile -t COMPREPLY < <(compgen -W "clang gcc" -- "$word") ;;
	--machine) mapfile -t COMPREPLY < <(compgen -W "microvm q35" -- "$word") ;;
	--disk | --initrd | --json | --out | --sarif | --baseline | --html | --graph | --report)
		mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
	*) mapfile -t COMPREPLY < <(compgen -W "$(_aramid_words "$door" "${COMP_WORDS[1]}")" -- "$word") ;;
	esac
}

complete -F _aramid aramid ./aramid
