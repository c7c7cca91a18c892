/**
 * The HTTP API as its clients meet it.
 *
 * <p>Way in: {@link io.tandem.node.http.ApiClient}, which goes by the node's own OpenAPI document
 * and holds every answer against it.
 */
@NullMarked
package io.tandem.node.http;

import org.jspecify.annotations.NullMarked;
