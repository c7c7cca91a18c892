/**
 * What a REGISTER does to the bindings of a phone, and which of its flows it is called on: contacts
 * and expiry (RFC 3261 10.3), instances with several flows (RFC 5626), public GRUUs (RFC 5627),
 * Path (RFC 3327). Pure: bindings held, request and instant in, bindings or a refusal out.
 *
 * <p>Way in: {@link io.tandem.node.edge.register.Registering} for the registrar, {@link
 * io.tandem.node.edge.register.Flows} for calls to phones. Neighbours: {@code edge.Registrar} has
 * judged the password before; {@code edge.Phones} has looked up the bindings.
 */
@NullMarked
package io.tandem.node.edge.register;

import org.jspecify.annotations.NullMarked;
