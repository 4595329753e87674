#!/bin/sh
# Make, in the current folder, the files that "commands" are given: a few rows
# of everything.  $FAULT_LAYER is that of "make".
set -eu
cat >features <<'END'
query user_id     lookup    dim=3
query timestamp   bucketize bins=3 dim=2
query timestamp   normalize
item  movie_title lookup    dim=3 key
item  movie_title tokenize  dim=2
label rating      threshold at=4
END
# In the order of time.
rec-synth --rows 40 --users 8 --items 12 |
    awk -F , '{ print NR == 1 ? 0 : $NF, $0 }' | sort -n | cut -d " " -f 2- >ratings.csv
rec-from csv ratings.csv -o ratings.rms
printf 'user_id,age\n1,30\n2,40\n3,50\n' | rec-from csv -o people.rms
rec-vocab features ratings.rms -o vocab.rms
rec-featurize -v vocab.rms ratings.rms -o features.rms
rec-featurize -v vocab.rms --items ratings.rms -o items.rms
rec-train-tower -e 1 -l 3 --log log.tsv features.rms -o tower.rms
rec-train-rank -e 1 -l 3 features.rms -o ranker.rms
# A training that fails after its first epoch.
FAULT=rename:2:EACCES LD_PRELOAD=$FAULT_LAYER rec-train-rank -l 3 -e 2 \
    --checkpoint half.rms --checkpoint-every 1 --log half.tsv features.rms \
    >failed 2>&1 && exit 1
mv half.rms half.rms.start
rec-train-rank -e 1 -l 3 --cross 1 features.rms -o cross.rms
rec-embed -m tower.rms --tower item items.rms -o embedded.rms
rec-embed -m tower.rms --tower query features.rms -o queries.rms
rec-knn -k 3 -i embedded.rms queries.rms -o lists.rms
rec-explode lists.rms | rec-cut list,item,score -o exploded.rms
rec-split -i embedded.rms half-1.rms=.5 half-2.rms=.5
for n in 1 2; do
    rec-knn -k 2 -i half-$n.rms queries.rms -o part-$n.rms
done
rec-embed -m tower.rms --tower query lists.rms -o lists-embedded.rms
rec-predict -m ranker.rms features.rms -o predicted.rms
rec-ndcg --per-row --at 3 lists.rms -o judged.rms
rec-head -n 1 --by user_id lists.rms | rec-cut -x label -o firsts.rms
rec-ndcg --at 3 lists.rms -o figures.tsv
rec-compare judged.rms judged.rms -o compared.tsv
rec-ndcg --at 3 --sums lists.rms -o sums.rms
cat vocab.rms vocab.rms >vocabularies.rms
rec-cut -z -x timestamp ratings.rms -o deflated.rms
# The same as other programs have it.
rec-to tsv ratings.rms -o ratings.tsv
rec-to jsonl ratings.rms -o ratings.jsonl
rec-to npy -c embedding embedded.rms -o embedded.npy
rec-to fvecs -c embedding embedded.rms -o embedded.fvecs
rec-to word2vec -c item.movie_title.lookup,embedding embedded.rms -o embedded.txt
rec-to safetensors -c rating,embedding embedded.rms -o embedded.safetensors
rec-to svmlight -c label,query.timestamp.normalize features.rms -o features.svm
rec-to trec-run lists.rms -o lists.run
rec-to trec-qrels -c user_id,item.movie_title.lookup,rating features.rms -o ratings.qrels
