/// What shipped clients live through with the server: each row of the interop contract by its
/// double, all of them together, and what tshark says of every byte that they were sent. Start
/// reading at [io.continuo.clients.AllClientsIT].
package io.continuo.clients;
