/// Reading small XML documents that come from strangers. Start with [SafeXml].
@NullMarked
package io.continuo.msrp.xml;

import org.jspecify.annotations.NullMarked;
