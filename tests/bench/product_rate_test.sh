#!/bin/bash
# product_rate_test.sh PRODUCT_RATE: its seconds are a number that grows with the GFLOP; what it does not know is refused.
set -euo pipefail
rate=$1
one=$("$rate" 1 emb_mlp 100)
many=$("$rate" 1 emb_mlp 1000000 gpt2 1000)
[[ $one =~ ^[0-9]+\.[0-9]$ && $many =~ ^[0-9]+\.[0-9]$ ]] || { echo "no seconds: '$one', '$many'" >&2; exit 1; }
# Ten thousand times as much, on a machine that may be busy.
awk -v one="$one" -v many="$many" 'BEGIN { exit !(many > 10 * one) }' || { echo "$one s, then $many s" >&2; exit 1; }
[[ $("$rate" 1) == 0.0 ]] || { echo 'nothing takes time' >&2; exit 1; }
for wrong in '' '0' '1 emb_mlp' '1 mlp 100' '1 emb_mlp much'; do
  read -ra words <<<"$wrong"
  ! "$rate" "${words[@]}" 2>/dev/null || { echo "accepted: $wrong" >&2; exit 1; }
done
