export const exitFolder = 73
export const exitLocked = 75

/**
 * What stands between us and the Erlang node: a shell that
 *
 * 1. takes the folder's lock, which every child inherits, so that a second node cannot start before the first one's last process is gone;
 * 2. says `locked` and waits for `go`, so that ports are chosen, and written to the file of `WARREN_ENV`, only after an earlier node has given them back;
 * 3. starts epmd and the node, says `started <pid>`, and ends with the node's exit code;
 * 4. stops both when its standard input ends, which it does also when we are killed with SIGKILL.
 *
 * Should the shell itself be killed, the kernel kills its two children (`setpriv --pdeathsig`).
 */
export const supervisorScript = `
trap '' INT HUP QUIT PIPE
exec 3<&0
exec 9>"$WARREN_LOCK" || exit ${exitFolder}
flock -w "$WARREN_LOCK_WAIT" 9 || exit ${exitLocked}
echo locked
read -r go <&3 && [ "$go" = go ] || exit 0
. "$WARREN_ENV"
setpriv --pdeathsig KILL epmd -address 127.0.0.1 -port "$ERL_EPMD_PORT" </dev/null >>"$WARREN_OUT" 2>&1 &
epmd=$!
setpriv --pdeathsig KILL "$WARREN_SERVER" </dev/null >>"$WARREN_OUT" 2>&1 &
node=$!
echo "started $node"
(
  while read -r _ <&3; do :; done
  kill -TERM "$node" 2>/dev/null
  tenths=0
  while [ "$tenths" -lt 200 ]; do
    kill -0 "$node" 2>/dev/null || exit 0
    sleep 0.1 9>&-
    tenths=$((tenths + 1))
  done
  kill -KILL "$node" 2>/dev/null
) &
watch=$!
wait "$node"
code=$?
kill -KILL "$watch" "$epmd" 2>/dev/null
exit "$code"
`
