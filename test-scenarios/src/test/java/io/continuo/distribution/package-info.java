/// What is shipped: the zip with `bin/continuo`, the images of `docker/`, the script that installs
/// the tests' tools.
package io.continuo.distribution;
