/**
 * What can be asked over HTTP: the table of operations, noun by noun, with what each shows to whom.
 *
 * <p>Way in: {@link io.tandem.node.http.operation.Operations#table}. Every handler asks an entity
 * or a read model and decides nothing itself. Neighbours: {@code http} lets the requests in; the
 * OpenAPI document {@code openapi.yaml} describes the same table.
 */
@NullMarked
package io.tandem.node.http.operation;

import org.jspecify.annotations.NullMarked;
