/*
 * complete_script.c - three shells that ask the program. A ~ stands for the program's name.
 */
#include <string.h>

#include "sim/command/complete.h"
#include "sim/core/check.h"

/* Bash takes a = for a word of its own, and replaces only what follows it. */
static const char bash[] =
    "# Completion of ~ for bash.\n"
    "_~()\n"
    "{\n"
    "    local -a line=()\n"
    "    local i word joined= current kind IFS=$'\\n'\n"
    "    for ((i = 1; i <= COMP_CWORD; i++)); do\n"
    "        word=${COMP_WORDS[i]}\n"
    "        if [[ (-n $joined || $word == =) && ${#line[@]} -gt 0 ]]; then\n"
    "            line[${#line[@]}-1]+=$word\n"
    "        else\n"
    "            line+=(\"$word\")\n"
    "        fi\n"
    "        joined=\n"
    "        [[ $word == = ]] && joined=1\n"
    "    done\n"
    "    current=${line[${#line[@]}-1]}\n"
    "    COMPREPLY=()\n"
    "    while IFS=$'\\t' read -r word kind; do\n"
    "        case $word in\n"
    "            :directory) COMPREPLY+=($(compgen -d -- \"${current##*=}\")) ;;\n"
    "            :file) compopt -o filenames; COMPREPLY+=($(compgen -f -- \"${current##*=}\")) ;;\n"
    "            :scenario)\n"
    "                COMPREPLY+=($(compgen -f -X '!*.yaml' -- \"$current\"))\n"
    "                COMPREPLY+=($(compgen -d -S / -- \"$current\")) ;;\n"
    "            *=) compopt -o nospace; word=${word%=}; COMPREPLY+=(\"${word##*=}=\") ;;\n"
    "            *) COMPREPLY+=(\"${word##*=}\") ;;\n"
    "        esac\n"
    "    done < <(\"${COMP_WORDS[0]}\" complete -- \"${line[@]}\" 2> /dev/null)\n"
    "    [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == */ ]] && compopt -o nospace\n"
    "}\n"
    "complete -F _~ ~\n";

static const char zsh[] =
    "#compdef ~\n"
    "# Completion of ~ for zsh.\n"
    "local -a plain described open\n"
    "local line word\n"
    "for line in \"${(@f)$(${words[1]} complete -- \"${(@)words[2,CURRENT]}\" 2> /dev/null)}\"; "
    "do\n"
    "    word=${line%%$'\\t'*}\n"
    "    case $word in\n"
    "        '') ;;\n"
    "        :directory) _files -/ ;;\n"
    "        :file) _files ;;\n"
    "        :scenario) _files -g '*.yaml' ;;\n"
    "        *=) open+=(\"$word\") ;;\n"
    "        *) plain+=(\"$word\"); described+=(\"$word  ${line#*$'\\t'}\") ;;\n"
    "    esac\n"
    "done\n"
    "(( $#open )) && compadd -S '' -- \"${open[@]}\"\n"
    "(( $#plain )) && compadd -l -d described -- \"${plain[@]}\"\n";

static const char fish[] = "# Completion of ~ for fish.\n"
                           "function __complete_~\n"
                           "    set -l line (commandline -opc) (commandline -ct)\n"
                           "    for candidate in ($line[1] complete -- $line[2..-1] 2> /dev/null)\n"
                           "        switch $candidate\n"
                           "            case :directory\n"
                           "                __fish_complete_directories (commandline -ct)\n"
                           "            case :file\n"
                           "                __fish_complete_path (commandline -ct)\n"
                           "            case :scenario\n"
                           "                __fish_complete_suffix .yaml\n"
                           "            case '*'\n"
                           "                echo $candidate\n"
                           "        end\n"
                           "    end\n"
                           "end\n"
                           "complete -c ~ -f -a '(__complete_~)'\n";

void complete_print_script(const char *program, const char *shell, FILE *out)
{
    static const struct {
        const char *shell, *script;
    } scripts[] = {{"bash", bash}, {"zsh", zsh}, {"fish", fish}};
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
        if (strcmp(shell, scripts[i].shell) != 0)
            continue;
        for (const char *at = scripts[i].script; *at != '\0'; at++) {
            if (*at == '~')
                fputs(program, out);
            else
                putc(*at, out);
        }
        return;
    }
    CHECK(false);
}
