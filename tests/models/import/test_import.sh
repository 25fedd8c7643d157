#!/bin/bash
# test_import.sh PROGRAM - files of real deployments become scenarios that run: each value with the
# place that it comes from; other forms of the same files say the same; and back again, with every
# property of a producer.
#
# guards: models/import/import, models/import/deployment, models/import/draft, models/import/source,
# models/import/producer_part, models/import/module_part, models/import/job_part,
# models/import/broker_part, models/import/topic_part, models/import/rates, models/import/load_part,
# models/import/scenario_print, models/import/export, models/commands
. "$(dirname "$0")/../../common.sh"
data=$tests/models/import
short=(--set run.duration=500ms --set run.warm-up=100ms)

# has FILE LINE..: these lines are in it, whatever stands before them.
has() {
    local file=$1 line
    shift
    for line in "$@"; do
        grep -qF -- "$line" "$file" || fail "$file has no line: $line"
    done
}

# imported NAME ARGUMENT..: into NAME.yaml, what is said into NAME.err; runs.
imported() {
    local name=$1
    shift
    "$program" import "$@" > "$work/$name.yaml" 2> "$work/$name.err" ||
        { fail "$name: import: $(cat "$work/$name.err")"; return; }
    "$program" "$work/$name.yaml" "${short[@]}" > "$work/$name.out" 2>&1 ||
        fail "$name does not run: $(cat "$work/$name.out")"
    grep -v '^#\|^ *[a-z-]*:$' "$work/$name.yaml" | grep -v ' # ' &&
        fail "$name: values without an origin"
}

cd "$data/deployment" || exit 1
imported whole module.yaml config.yaml topics.txt rates.csv server.properties
mapfile -t lines < expected.txt
has "$work/whole.yaml" "${lines[@]}"
[ ${#lines[@]} -ge 40 ] || fail 'few lines are expected'
has "$work/whole.err" 'topics.txt:1:1: warning: brokers.message.max.bytes: "2097152" here, ' \
    '"4194304" in server.properties:5; this one counts'
grep -q 'in.t00\|consumer_offsets' <(grep 'leaders' "$work/whole.yaml") &&
    fail 'records go to a topic of an ingress, or to an internal one'

# Flat and nested; the values are the same, only their places are others.
imported flat module.yaml flink-conf.yaml topics.txt rates.csv server.properties
diff <(sed 's/ # .*//; /^#/d' "$work/whole.yaml") <(sed 's/ # .*//; /^#/d' "$work/flat.yaml") ||
    fail 'flink-conf.yaml and config.yaml say different things'

# Rates of two scrapes, sums over brokers: 120,000 and 36,000 records in a minute.
imported scrapes topics.txt scrape-1.prom scrape-2.prom
has "$work/scrapes.yaml" 'rate: 2600/s' 'name: t00, partitions: 6, weight: 2000' \
    'name: t01, partitions: 3, weight: 600'
sed 's/ 1700000[0-9]*$//' scrape-1.prom > "$work/1.prom"
sed 's/ 1700000[0-9]*$//' scrape-2.prom > "$work/2.prom"
imported stampless "$work/1.prom" "$work/2.prom" --between 2min
has "$work/stampless.yaml" 'rate: 1300/s' 'partitions: 12, weight: 1000'

# A real cluster's topics, cut off; one broker.
imported described "$data/topics-describe.txt"
has "$work/described.yaml" '{name: p240, partitions: 240} # ' '{name: p1, partitions: 1} # ' \
    'count: 1 # ' 'rate: 1k/s # assumed'

# What a producer is told, in whatever form.
for form in spring.properties spring.yaml prefixed.properties map.yaml list.yaml; do
    imported form "$data/$form"
    has "$work/form.yaml" 'batch.size: 65536 # ' 'linger.ms: 20 # '
done
imported broker server.properties
has "$work/broker.yaml" 'partitions: 6, count: 20} # assumed, server.properties:6' \
    'num.io.threads: 16 # server.properties:4'

# Bytes that are no UTF-8 are ISO-8859-1, as Java reads properties; where they cannot be shown a
# comment stays one.
printf 'client.id=\344\nclient.\227=\205\n' > "$work/latin.properties"
imported latin "$work/latin.properties"
has "$work/latin.yaml" 'client.id: "ä" # '

# Where the two runtimes differ.
cat > "$work/address.yaml" <<'YAML'
kind: io.statefun.kafka.v1/egress
spec:
  id: app/out
  address: a:1
  properties: [{bootstrap.servers: b:2}]
YAML
imported first "$work/address.yaml"
has "$work/first.yaml" 'bootstrap.servers: "a:1"' 'client: statefun-3.3'
imported second "$work/address.yaml" --runtime sink-v2
has "$work/second.yaml" 'bootstrap.servers: "b:2"' 'client: flink-connector-4.0 # --runtime sink-v2'

imported third "$work/address.yaml" --client 4.4
has "$work/third.yaml" 'bootstrap.servers: "a:1"' 'client: 4.4 # --client'

# Egresses that differ: the first one's properties, the strongest delivery with its timeout. Eight
# subtasks fill two TaskManagers of four slots.
cat > "$work/mixed.yaml" <<'YAML'
kind: io.statefun.kafka.v1/egress
spec: {id: app/one, address: a:1, properties: [{linger.ms: 7}]}
---
kind: io.statefun.kafka.v1/egress
spec:
  id: app/two
  address: a:1
  deliverySemantic: {type: exactly-once, transactionTimeout: 1 min}
  properties: [{linger.ms: 8}]
---
kind: io.statefun.kafka.v1/egress
spec: {id: app/three, address: a:1, deliverySemantic: {type: none}}
YAML
cat > "$work/flink.yaml" <<'YAML'
parallelism.default: 8
taskmanager.numberOfTaskSlots: 4
execution.checkpointing.interval: 400
restart-strategy: none
YAML
imported mixture "$work/mixed.yaml" "$work/flink.yaml"
has "$work/mixture.yaml" 'shards: 3 # ' 'delivery: exactly-once # ' 'linger.ms: 7 # ' \
    'transaction.timeout.ms: 60000 # ' 'interval: 400ms # ' '    count: 2 # ' \
    'restart-strategy: a job that does not restart is not simulated'
has "$work/mixture.err" 'egress app/two has "8" for linger.ms where app/one has "7"' \
    'egress app/two delivers otherwise than app/one' \
    'egress app/three has "nothing" for linger.ms where app/one has "7"'

# The real loader's verdicts by way of the program; what it takes can be run.
awk -v name="$work/case-" '/^# CASE/ { n++ } { print > sprintf("%s%02d.yaml", name, n) }' \
    "$data/statefun/modules.txt"
for case in "$work"/case-??.yaml; do
    "$program" import "$case" > "$work/scenario.yaml" 2> "$work/err"
    status=$?
    read -r verdict
    [ $status -eq "$([[ $verdict = *OK* ]]; echo $((2 * $?)))" ] ||
        fail "$(head -n 1 "$case"): status $status, $(cat "$work/err")"
    [ $status -ne 0 ] || "$program" "$work/scenario.yaml" --dry-run --quiet > "$work/out" 2>&1 ||
        fail "$(head -n 1 "$case"): $(cat "$work/out")"
done < <(sed -n 's/.*: \(OK\|REFUSED\).*/\1/p' "$data/statefun/parse-3.3.0.txt")

# And back: every property that the program knows, with a value that Kafka would take.
"$program" schema > "$work/schema.json"
python=/usr/bin/python3
[ -x $python ] || python=python3
$python - "$work/schema.json" > "$work/all.properties" <<'PYTHON'
import json, sys
producer = json.load(open(sys.argv[1]))["properties"]["producer"]["properties"]
texts = {"acks": "all", "compression.type": "none", "enable.idempotence": "true",
         "partitioner.adaptive.partitioning.enable": "false", "partitioner.ignore.keys": "true",
         "transaction.timeout.ms": "60000", "retries": "7", "batch.size": "65536",
         "buffer.memory": "8388608", "max.in.flight.requests.per.connection": "3",
         "retry.backoff.ms": "200", "retry.backoff.max.ms": "400", "delivery.timeout.ms": "90000",
         "request.timeout.ms": "20000", "linger.ms": "11", "sasl.jaas.config": r'a "b" \c; d=e',
         "metadata.recovery.strategy": "rebootstrap", "client.id": r"\u00e4\u20ac\ud83d\ude00"}
newer = {"buffer.memory.allocation.strategy", "partitioner.rack.aware", "client.rack"}
for name in sorted(set(producer) - newer - {"client", "partitioner.class"}):
    text = texts.get(name, "1234" if name.endswith((".ms", ".bytes", ".size")) else "some text")
    print(name + "=" + (text if text[:2] == r"\u" else text.replace("\\", "\\\\")))
PYTHON
[ "$(wc -l < "$work/all.properties")" -gt 100 ] || fail 'the schema has few properties'
imported all "$work/all.properties"
grep -qF 'client.id: "ä€😀" # ' "$work/all.yaml" || fail 'a text is not what was written'
"$program" export "$work/all.yaml" 2> "$work/err" | sort > "$work/back.properties"
diff <(sort "$work/all.properties") "$work/back.properties" || fail 'properties do not come back'
"$program" export "$work/all.yaml" --module -o "$work/module.yaml" 2> "$work/err" ||
    fail "export --module: $(cat "$work/err")"
imported again "$work/module.yaml"
"$program" export "$work/again.yaml" 2> "$work/err" | sort > "$work/again.properties"
# The module's client is 3.2.3, which has some of them not yet; an address must be there.
newer='^partitioner.ad\|^partitioner.av\|^partitioner.ig\|^retry.backoff.max\|^metadata.*strategy'
diff <(grep -v "$newer" "$work/back.properties") "$work/again.properties" ||
    fail 'properties do not come back from a module'
"$program" export "$work/all.yaml" --set linger.ms=77 --set delivery=exactly-once \
    --set checkpoint.interval=1s --module 2> "$work/err" > "$work/exactly.yaml"
has "$work/exactly.yaml" 'deliverySemantic: {type: exactly-once, transactionTimeout: 60000ms}' \
    '- linger.ms: "77"' 'address: "some text"'
cd "$data/deployment" || exit 1
"$program" export "$work/whole.yaml" --module 2> "$work/err" > "$work/exported.yaml"
imported twice "$work/exported.yaml"
diff <(sed -n '/^producer:/,/^brokers:/s/ # .*//p' "$work/whole.yaml" | sort) \
    <(sed -n '/^producer:/,/^brokers:/s/ # .*//p' "$work/twice.yaml" | sort) ||
    fail 'module.yaml, import, export, module.yaml: not the same producers'
[ "$(grep -c '^kind: ' "$work/exported.yaml")" -eq 2 ] || fail 'two egresses are not two'
exit $((failures > 0))
