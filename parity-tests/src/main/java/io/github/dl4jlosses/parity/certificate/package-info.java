/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The parity certificate: everything that is claimed of the losses, measured anew and written down as Markdown, HTML and
 * JSON.
 */
package io.github.dl4jlosses.parity.certificate;
