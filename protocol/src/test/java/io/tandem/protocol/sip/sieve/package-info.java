/** The sieve by an interpreter of its program, by a plant in virtual time, and at a real socket. */
@NullMarked
package io.tandem.protocol.sip.sieve;

import org.jspecify.annotations.NullMarked;
