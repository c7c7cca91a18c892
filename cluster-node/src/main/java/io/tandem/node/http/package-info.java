/**
 * The tenant and operator API over HTTP: who asks, what may be asked, once per key, and every error
 * a problem.
 *
 * <p>Way in: {@link io.tandem.node.http.HttpApi}, given a table of {@link
 * io.tandem.node.http.Operation}; a request goes HttpApi → Reception → the operation's handler.
 * Neighbours: {@code http.operation} is the table; entities are asked through {@code
 * EntityGateway}.
 */
@NullMarked
package io.tandem.node.http;

import org.jspecify.annotations.NullMarked;
