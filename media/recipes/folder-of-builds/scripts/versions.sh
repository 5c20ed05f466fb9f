#!/bin/sh
# One version a line, the newest build first. A build counts once it is whole: CI writes `shop-VERSION.tar.gz.part` and renames it.
set -eu
cd "${SHOP_BUILDS:-builds}"
ls -t | sed -n 's/^shop-\(.*\)\.tar\.gz$/\1/p'
