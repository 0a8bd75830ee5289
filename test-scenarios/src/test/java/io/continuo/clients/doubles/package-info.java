/// Doubles of shipped clients: each says exactly what that client says, and chokes on what that
/// client chokes on. [io.continuo.clients.doubles.ClientDouble] has the words of a story; a client
/// is a class here plus its transcript, a resource of the same name, from which every message it
/// sends is made. Nothing here depends on more than the JDK, so that no mistake of ours can sit on
/// both sides.
package io.continuo.clients.doubles;
