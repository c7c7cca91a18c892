/** All nouns as a node runs them, judged by what an auditor finds in the journal. */
@NullMarked
package io.tandem.node.journaled;

import org.jspecify.annotations.NullMarked;
