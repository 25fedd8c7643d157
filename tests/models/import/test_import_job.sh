#!/bin/bash
# test_import_job.sh PROGRAM - what runs the job, its remote functions and how it restarts come out
# of a deployment's files as a scenario that runs; what a producer feels, but is not here, is warned
# of.
#
# guards: models/import/job_part, models/import/remote_part, models/import/restart_part,
# models/import/deployment; remote-functions.md 4, 6, 7
. "$(dirname "$0")/../../common.sh"
cd "$work" || exit 1

# imported SCENARIO FILE..: its lines that are no comment, without origins, into SCENARIO.
imported() {
    local scenario=$1
    shift
    "$program" import "$@" > whole.yaml 2> err || { fail "$*: $(cat err)"; return; }
    sed 's/ # .*//; /^#/d; s/^ *//' whole.yaml > "$scenario"
    "$program" whole.yaml --dry-run --quiet > out 2>&1 || fail "$* cannot be run: $(cat out)"
}

# has FILE LINE..
has() {
    local file=$1 line
    shift
    for line; do
        grep -qxF -- "$line" "$file" || fail "$file has no line: $line"
    done
}

# says FILE WORDS..: each in some line.
says() {
    local file=$1 words
    shift
    for words; do
        grep -qF -- "$words" "$file" || fail "$file does not say: $words"
    done
}

hasnt() {
    grep -q -- "$2" "$1" && fail "$1 has: $(grep -- "$2" "$1")"
}

cat > module.yaml <<'YAML'
kind: io.statefun.kafka.v1/ingress
spec:
  id: app/in
  address: k:1
  consumerGroupId: g
  startupPosition: {type: earliest}
  topics:
    - {topic: a, valueType: x, targets: [shop/cart, shop/stock]}
    - {topic: b, valueType: x, targets: [shop/cart, bank/pay]}
    - {topic: c, valueType: x, targets: [here/audit]}
---
kind: io.statefun.endpoints.v2/http
spec:
  functions: shop/*
  urlPathTemplate: http://h/{function.name}
  maxNumBatchRequests: 200
  transport: {call: 90s, connect: 5 s, pool_size: 64, pool_ttl: 9s}
---
kind: io.statefun.endpoints.v2/http
spec: {functions: bank/pay, urlPathTemplate: http://h, maxNumBatchRequests: -1}
---
kind: io.statefun.endpoints.v2/http
spec: {functions: tax/rate, urlPathTemplate: http://h}
YAML
cat > flink.yaml <<'YAML'
statefun.async.max-per-task: 500
restart-strategy: exponential-delay
YAML
imported remote module.yaml flink.yaml
has remote 'remote:' 'functions: 3' 'max-batch-requests: 200' 'timeout: 90s' 'connect-timeout: 5s' \
    'pool: 64' 'async.max-per-task: 500' 'latency: 20ms' 'runtime: statefun-3.3' \
    'restart-delay: {initial: 1s, factor: 2, max: 5min}'
has whole.yaml '#   job.remote.latency: how long the functions take is in no file: measure it' \
    '#   module.yaml:23: remote functions tax/rate: no ingress has them among its targets' \
    '#   module.yaml:17: pool_ttl: no effect on this model' \
    '#   module.yaml:3: startupPosition earliest of app/in: topics are empty when the job begins'
says err 'module.yaml:8:7: warning: several targets of a topic is left out: a record goes to one' \
    'module.yaml:10:7: warning: here/audit is left out: no endpoint serves it, so it is' \
    'functions bank/pay have maxNumBatchRequests 0 where shop/* have 200; one configuration holds' \
    'functions tax/rate have maxNumBatchRequests 1000 where shop/* have 200'

# Functions that no endpoint serves are in the job; an endpoint alone is a function, of the old kind
# too, whose client waits for no connection.
sed '/^---/,$d' module.yaml > embedded.yaml
imported embedded embedded.yaml flink.yaml
hasnt embedded 'remote:'
has whole.yaml '#   flink.yaml:1: statefun.async.max-per-task: no function is remote'
cat > legacy.yaml <<'YAML'
version: "3.0"
module:
  meta: {type: remote}
  spec:
    endpoints:
      - endpoint:
          meta: {kind: http}
          spec: {functions: a/b, urlPathTemplate: http://h, timeouts: {call: 30s}}
YAML
imported legacy legacy.yaml
has legacy 'functions: 1' 'timeout: 30s' 'connect-timeout: 10s' 'pool: 1000000'
grep -q 'the okhttp transport is left out' err || fail "$(cat err)"

# Whose job it is; without a restart-strategy Flink 1.16 waits for 1 s, Flink 2 longer each time.
imported statefun embedded.yaml
has statefun 'runtime: statefun-3.3' 'restart-delay: 1s'
imported fork embedded.yaml --runtime sink-v2
has fork 'runtime: sink-v2'
hasnt fork 'restart-delay'
printf 'parallelism.default: 2\npipeline.operator-chaining: false\n' > plain.yaml
imported plain plain.yaml
has plain 'runtime: flink' 'chained: false'
has whole.yaml '#   job.runtime: no file is StateFun'"'"'s: Flink alone, with KafkaSink' \
    '#   job.restart-delay: no restart-strategy: exponential-delay, as Flink 2 has it'
"$program" import embedded.yaml --runtime flink > out 2>&1
[ $? -eq 2 ] || fail "Flink alone reads a module: $(cat out)"
grep -q 'flink reads no module' out || fail "$(cat out)"

# Strategies.
cat > strategies.yaml <<'YAML'
restart-strategy.type: exponential-delay
restart-strategy.exponential-delay.initial-backoff: 500 ms
restart-strategy.exponential-delay.backoff-multiplier: 1.2
restart-strategy.exponential-delay.max-backoff: 2 min
restart-strategy.exponential-delay.jitter-factor: 0.5
restart-strategy.exponential-delay.reset-backoff-threshold: 1 h
restart-strategy.fixed-delay.delay: 7 s
restart-strategy.fixed-delay.attempts: 3
YAML
imported exponential strategies.yaml
has exponential 'restart-delay: {initial: 500ms, factor: 1.2, max: 2min}'
says err 'strategies.yaml:5:1: warning: restart-strategy.exponential-delay.jitter-factor is left'
hasnt err 'threshold\|fixed-delay'
has whole.yaml '#   strategies.yaml:7: restart-strategy.fixed-delay.delay: another strategy holds'
sed -i 's/exponential-delay$/fixed-delay/' strategies.yaml
imported fixed strategies.yaml
has fixed 'restart-delay: 7s'
says err 'strategies.yaml:8:1: warning: restart-strategy.fixed-delay.attempts is left out: a job'
sed -i 's/7 s/soon/' strategies.yaml
"$program" import strategies.yaml > out 2>&1
grep -q 'strategies.yaml:7:1: error: restart-strategy.fixed-delay.delay: "soon"' out ||
    fail "$(cat out)"

# Nothing that a producer feels is lost without a word; what is as it is here, is.
cat > felt.yaml <<'YAML'
execution.checkpointing.unaligned.enabled: true
execution.checkpointing.aligned-checkpoint-timeout: 30 s
execution.checkpointing.mode: AT_LEAST_ONCE
execution.checkpointing.max-concurrent-checkpoints: 2
taskmanager.network.memory.buffer-debloat.enabled: true
state.changelog.enabled: false
rest.port: 8081
YAML
imported felt felt.yaml
[ "$(grep -c 'warning: .* is left out: ' err)" -eq 3 ] || fail "not three warnings: $(cat err)"
has felt 'unaligned: true'
has felt 'aligned-checkpoint-timeout: 30s'
has whole.yaml '#   felt.yaml:7: rest.port: no effect on this model'
exit $((failures > 0))
